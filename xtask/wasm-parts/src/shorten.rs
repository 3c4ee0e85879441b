//! Shortening the names by which a module and its script know each other.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{ExportSection, ImportSection};
use wasmparser::{Export, ImportSectionReader, Parser};

/// Gives the imports and exports whose names carry a digest, which no compression makes smaller, names of a few letters, and the module
/// from which wasm-bindgen imports a name of one. Prints the new name of each.
///
/// # Errors
/// The module cannot be read or written.
pub(super) fn shorten(module: &Path, shortened: &Path) -> Result<Value> {
    let content = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let (content, names) =
        renamed(&content).with_context(|| format!("the names of {} cannot be shortened", module.display()))?;
    fs::write(shortened, content).with_context(|| format!("cannot write {}", shortened.display()))?;
    Ok(json!(names))
}

fn renamed(module: &[u8]) -> Result<(Vec<u8>, BTreeMap<String, String>)> {
    let mut names = Names::default();
    let mut made = wasm_encoder::Module::new();
    names.parse_core_module(&mut made, Parser::new(0), module)?;
    Ok((made.finish(), names.0))
}

#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(&mut self, name: &str) -> String {
        if name.ends_with("_bg.js") {
            return self.0.entry(name.to_owned()).or_insert_with(|| "_".to_owned()).clone();
        }
        if !carries_digest(name) {
            return name.to_owned();
        }
        // No name of wasm-bindgen's or of the script's begins like this.
        let number = self.0.len();
        self.0.entry(name.to_owned()).or_insert_with(|| format!("${number}")).clone()
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let (module, name, kind) = (self.of(import.module), self.of(import.name), self.entity_type(import.ty)?);
            imports.import(&module, &name, kind);
        }
        Ok(())
    }

    fn parse_export(&mut self, exports: &mut ExportSection, export: Export<'_>) -> Result<(), Error<Infallible>> {
        let name = self.of(export.name);
        let (kind, index) = (self.export_kind(export.kind)?, self.external_index(export.kind, export.index)?);
        exports.export(&name, kind, index);
        Ok(())
    }
}

/// `__wbg_push_c9f4893fc209f768`, or with `h` before the digits; digests that begin with noughts are written without them.
fn carries_digest(name: &str) -> bool {
    let digits = |part: &str| {
        (12..=16).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    name.split('_').any(|part| digits(part) || part.strip_prefix('h').is_some_and(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_change() {
        for name in ["__wbg_push_c9f4893fc209f768", "a__invoke__h0123456789abcdef", "x__h0123456789abcdef_2"] {
            assert!(carries_digest(name), "{name}");
        }
        for name in ["memory", "start", "__wbindgen_malloc", "__wasm_split_load_ticket", "c9f4893fc20"] {
            assert!(!carries_digest(name), "{name}");
        }
    }

    #[test]
    fn imports_and_exports_are_renamed_and_nothing_else() {
        let mut module = wasm_encoder::Module::new();
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("./x_bg.js", "__wbg_push_c9f4893fc209f768", wasm_encoder::EntityType::Function(0));
        imports.import("./parts.js", "load", wasm_encoder::EntityType::Function(0));
        let mut exports = ExportSection::new();
        exports.export("start", wasm_encoder::ExportKind::Func, 1);
        exports.export("invoke__h0123456789abcdef", wasm_encoder::ExportKind::Func, 0);
        module.section(&types).section(&imports).section(&exports);
        let (made, names) = renamed(&module.finish()).unwrap();
        let short = |name: &str| names[name].clone();
        assert_eq!((names.len(), short("./x_bg.js")), (3, "_".to_owned()));

        let mut seen = Vec::new();
        for payload in Parser::new(0).parse_all(&made) {
            match payload.unwrap() {
                wasmparser::Payload::ImportSection(section) => {
                    seen.extend(section.into_imports().map(|import| {
                        let import = import.unwrap();
                        format!("{} {}", import.module, import.name)
                    }));
                }
                wasmparser::Payload::ExportSection(section) => {
                    seen.extend(section.into_iter().map(|export| {
                        let export = export.unwrap();
                        format!("{} {}", export.name, export.index)
                    }));
                }
                _ => {}
            }
        }
        let (push, invoke) = (short("__wbg_push_c9f4893fc209f768"), short("invoke__h0123456789abcdef"));
        assert_ne!(push, invoke);
        assert_eq!(
            seen,
            [format!("_ {push}"), "./parts.js load".to_owned(), "start 1".to_owned(), format!("{invoke} 0")]
        );
    }
}

//! Which crates a module's bytes come from.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Range;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// What is not a function: constants, tables, imports.
const NO_CODE: &str = "(not code)";

/// Weighs modules that still have their functions' names. Prints, by module, bytes by crate.
///
/// # Errors
/// A file cannot be read, is not a module, or has no names.
pub(super) fn weigh(modules: &[&str]) -> Result<Value> {
    let mut all = serde_json::Map::new();
    for path in modules {
        let module = fs::read(path).with_context(|| format!("cannot read {path}"))?;
        let weights = by_crate(&module).with_context(|| format!("cannot weigh {path}"))?;
        all.insert((*path).to_owned(), json!(weights));
    }
    Ok(Value::Object(all))
}

fn by_crate(module: &[u8]) -> Result<BTreeMap<String, u64>> {
    let mut imported = 0_u32;
    let mut bodies = Vec::new();
    let mut names: HashMap<u32, &str> = HashMap::new();
    let mut unshipped = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(length(&body.range())),
            Payload::CustomSection(section) => {
                // Names and what else stands in sections of its own are taken out before a module is shipped.
                unshipped += length(&section.range());
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(functions) = subsection? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, function.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() && !bodies.is_empty() {
        bail!("its functions have no names");
    }
    let mut weights = BTreeMap::new();
    for (number, bytes) in (imported..).zip(&bodies) {
        let owner = names.get(&number).map_or_else(|| "(no name)".to_owned(), |name| owner(name));
        *weights.entry(owner).or_default() += bytes;
    }
    let rest = (module.len() as u64).saturating_sub(unshipped + bodies.iter().sum::<u64>());
    weights.insert(NO_CODE.to_owned(), rest);
    Ok(weights)
}

fn length(range: &Range<u64>) -> u64 {
    range.end - range.start
}

/// The crate whose source a function stands in, as far as its name says: of `<a::A as b::B>::f` it is `a`.
fn owner(name: &str) -> String {
    // wasm-split marks the functions by which modules call each other.
    let name = name.trim_end_matches(" local_shim").trim_end_matches(" indirect_call_shim");
    let plain = format!("{:#}", rustc_demangle::demangle(name));
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
        rest = &rest[start..];
        let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        let (word, mut after) = rest.split_at(end);
        // wasm-bindgen writes a crate with its digest: `core[5a83c1d3b6c2f0e1]::fmt`.
        if let Some((digest, path)) = after.strip_prefix('[').and_then(|after| after.split_once(']'))
            && path.starts_with("::")
            && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            after = path;
        }
        if after.starts_with("::<") {
            // A method of a primitive type with type arguments, such as `<str>::split::<char>`.
            return "core".to_owned();
        }
        if after.starts_with("::") {
            return word.to_owned();
        }
        rest = after;
    }
    "(none)".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_that_its_name_begins_with() {
        assert_eq!(owner("support_spa::app::framed"), "support_spa");
        assert_eq!(owner("<tachys::view::AnyView as core::clone::Clone>::clone"), "tachys");
        assert_eq!(owner("<&mut serde_json::de::Deserializer<R> as serde::Deserializer>::deserialize"), "serde_json");
        assert_eq!(owner("<[u8] as alloc::slice::Join>::join"), "alloc");
        assert_eq!(owner("_RNvCsfyM_7mycrate4main"), "mycrate");
        assert_eq!(owner("_ZN4core3fmt5write17h0123456789abcdefE local_shim"), "core");
        assert_eq!(owner("<alloc[5a83c1d3b6c2f0e1]::vec::Vec<T> as core::ops::drop::Drop>::drop"), "alloc");
        assert_eq!(owner("<str>::split_once::<char>"), "core");
        assert_eq!(owner("memcpy"), "(none)");
    }

    /// Two functions of two and four bytes, the first imported one not counted, and eight bytes that are neither.
    #[test]
    fn weighs_bodies_by_name() {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend(b"\x01\x04\x01\x60\0\0"); // one type: no parameters, no results
        module.extend(b"\x02\x07\x01\x01a\x01b\0\0"); // one import, a function
        module.extend(b"\x03\x03\x02\0\0"); // two functions of that type
        module.extend(b"\x0a\x09\x02\x02\0\x0b\x04\0\x01\x01\x0b"); // their bodies
        let shipped = module.len() as u64;
        let mut section = b"\x04name\x01".to_vec();
        let map = b"\x03\0\x01x\x01\x04a::f\x02\x04b::g";
        section.push(map.len() as u8);
        section.extend(map);
        module.extend([0, section.len() as u8]);
        module.extend(section);
        let weights = by_crate(&module).unwrap();
        assert_eq!((weights["a"], weights["b"]), (2, 4));
        assert_eq!(weights.values().sum::<u64>(), shipped + 2, "{weights:?}");
        assert!(by_crate(&module[..shipped as usize]).is_err(), "a module without names cannot be weighed");
    }
}

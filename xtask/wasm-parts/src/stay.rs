//! Keeping functions in the program that is loaded first.

use std::collections::BTreeSet;

use anyhow::Result;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportKind, ExportSection, RawSection};
use wasmparser::{Parser, Payload};

/// Exports these functions from a linked program, beside what it exports: an export belongs to what is loaded first. No other section
/// changes, so that its relocations fit. The exports are taken out again with all others that no script names.
///
/// # Errors
/// It is not a module.
pub(super) fn staying(linked: &[u8], functions: &BTreeSet<u32>) -> Result<Vec<u8>> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(linked) {
        let payload = payload?;
        if let Payload::ExportSection(section) = payload {
            let mut exports = ExportSection::new();
            RoundtripReencoder.parse_export_section(&mut exports, section)?;
            for function in functions {
                exports.export(&format!("stays {function}"), ExportKind::Func, *function);
            }
            module.section(&exports);
        } else if let Some((id, range)) = payload.as_section()
            && let Some(data) = linked.get(usize::try_from(range.start)?..usize::try_from(range.end)?)
        {
            module.section(&RawSection { id, data });
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, CustomSection, Function, FunctionSection, Instruction, TypeSection};

    #[test]
    fn exports_are_added_and_nothing_else_changes() {
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 0);
        let mut code = CodeSection::new();
        for _ in 0..2 {
            let mut body = Function::new([]);
            body.instruction(&Instruction::End);
            code.function(&body);
        }
        let relocations = CustomSection { name: "reloc.CODE".into(), data: (&[3, 0][..]).into() };
        module.section(&types).section(&functions).section(&exports).section(&code).section(&relocations);
        let linked = module.finish();

        let same = staying(&linked, &BTreeSet::new()).unwrap();
        assert_eq!(same, linked);
        let more = staying(&linked, &BTreeSet::from([1])).unwrap();
        let sections = |module: &[u8]| -> Vec<(u8, Vec<u8>)> {
            let payloads = Parser::new(0).parse_all(module).map(Result::unwrap);
            let sections = payloads.filter_map(|payload| payload.as_section());
            sections.map(|(id, range)| (id, module[range.start as usize..range.end as usize].to_vec())).collect()
        };
        let changed: Vec<u8> = sections(&linked)
            .into_iter()
            .zip(sections(&more))
            .filter(|(before, after)| before != after)
            .map(|((id, _), _)| id)
            .collect();
        assert_eq!(changed, [7], "only the exports");
        let exported = Parser::new(0).parse_all(&more).find_map(|payload| match payload.unwrap() {
            Payload::ExportSection(section) => Some(section.into_iter().map(|export| export.unwrap().index).collect()),
            _ => None,
        });
        assert_eq!(exported, Some(vec![0, 1]));
    }
}

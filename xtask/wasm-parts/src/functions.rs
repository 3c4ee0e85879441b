//! What a module says of its functions.

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// The functions that have a name, by number.
///
/// # Errors
/// It is not a module.
pub(super) fn names(module: &[u8]) -> Result<Vec<(u32, &str)>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload? else { continue };
        let KnownCustom::Name(subsections) = section.as_known() else { continue };
        for subsection in subsections {
            if let Name::Function(functions) = subsection? {
                for function in functions {
                    let function = function?;
                    names.push((function.index, function.name));
                }
            }
        }
    }
    Ok(names)
}

/// How many bytes of code there are.
///
/// # Errors
/// It is not a module.
pub(super) fn code_length(module: &[u8]) -> Result<u64> {
    let mut length = 0;
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            length += body.range().end - body.range().start;
        }
    }
    Ok(length)
}

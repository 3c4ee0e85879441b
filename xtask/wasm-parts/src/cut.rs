//! Cutting a program into what is loaded first and what is loaded when it is needed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use wasm_split_cli_support::{Options, transform};

use crate::functions::{code_length, names};
use crate::stay::staying;

/// Files with less code than this, in bytes, are not worth a request. What is in them stays in the program.
const SMALL: u64 = 2_500;

/// How much larger the program may become for a byte of a file that is given up: what its functions call stays with them, and that may be
/// a lot.
const GROWTH: u64 = 2;

/// Cuts a program that was linked with `--emit-relocs`. The folder then holds `main.wasm`, for wasm-bindgen; the parts; and `parts.js`,
/// by which the first loads the others. Prints which files each part needs, without `.wasm`: its own, and those it shares.
///
/// # Errors
/// The program cannot be read, was linked without relocations, or the folder cannot be written to.
pub(super) fn cut(program: &Path, folder: &Path) -> Result<Value> {
    let linked = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let cannot = || format!("{} cannot be cut into parts", program.display());
    let trial = folder.join("trial");
    let first = Cut::of(&linked, &trial).with_context(cannot)?;
    let mut kept = BTreeSet::new();
    let mut size = first.size;
    for functions in small_files(&linked, &first)? {
        let more: BTreeSet<u32> = kept.union(&functions.of).copied().collect();
        let with = Cut::of(&staying(&linked, &more)?, &trial).with_context(cannot)?;
        if with.size <= size + GROWTH * functions.size {
            (kept, size) = (more, with.size);
        }
    }
    fs::remove_dir_all(&trial)?;
    let last = Cut::of(&staying(&linked, &kept)?, folder).with_context(cannot)?;
    Ok(serde_json::to_value(last.needed)?)
}

/// A program that was cut.
struct Cut {
    /// How much code is loaded first, in bytes.
    size: u64,
    /// The files of the parts.
    files: Vec<PathBuf>,
    /// Which files each part needs.
    needed: HashMap<String, Vec<String>>,
}

impl Cut {
    fn of(linked: &[u8], folder: &Path) -> Result<Self> {
        let main = folder.join("main.wasm");
        let mut options = Options::new(linked);
        options.output_dir = folder;
        options.main_out_path = &main;
        options.link_name = "./parts.js";
        options.main_module = "./portal.js";
        options.emit_dwarf = false;
        let parts = transform(options).map_err(|error| anyhow!("{error:#}"))?;
        let size = code_length(&fs::read(&main)?)?;
        Ok(Self { size, files: parts.split_modules, needed: parts.prefetch_map })
    }
}

/// The functions of a file, by their numbers in the program that was linked.
struct Functions {
    /// Which.
    of: BTreeSet<u32>,
    /// How much code they are, in bytes.
    size: u64,
}

/// The files that are not worth a request, the smallest first. Those that are one page's alone stay what they are.
fn small_files(linked: &[u8], cut: &Cut) -> Result<Vec<Functions>> {
    let mut numbers: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (number, name) in names(linked)? {
        numbers.entry(name).or_default().push(number);
    }
    let mut small = Vec::new();
    for file in &cut.files {
        let is_shared = file.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("chunk_"));
        let module = fs::read(file)?;
        let size = code_length(&module)?;
        if !is_shared || size > SMALL {
            continue;
        }
        // A name that two functions have says nothing; what has none was made by the cut itself.
        let of = names(&module)?.into_iter().filter_map(|(_, name)| match numbers.get(name).map(Vec::as_slice) {
            Some([number]) => Some(*number),
            _ => None,
        });
        small.push(Functions { of: of.collect(), size });
    }
    small.sort_by_key(|functions| functions.size);
    Ok(small)
}

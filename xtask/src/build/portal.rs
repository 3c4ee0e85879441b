//! The portal: from Rust, JavaScript, CSS and a page template to `support-spa/dist/`.
use super::Effort;
use anyhow::Result;
pub(crate) fn build(effort: Effort) -> Result<()> {
    super::wasm::compile(effort)?;
    Ok(())
}

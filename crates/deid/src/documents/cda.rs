//! CDA (HL7 Clinical Document Architecture, release 2): what the schema has passes by rule, everything else goes.
//! Read in this order: `tree`, `people`, `rules`, `narrative`.

mod narrative;
mod people;
mod rules;
mod tree;

use super::{Cleaning, Doubt};
use crate::text::{Depth, Sweep};
use tree::Node;

/// The document without identifiers.
pub(super) fn clean(bytes: &[u8], cleaning: &Cleaning<'_>) -> Result<Vec<u8>, Doubt> {
    let mut root = tree::read(bytes)?;
    if root.local() != "ClinicalDocument" {
        return Err(Doubt("it is no clinical document (CDA)"));
    }
    // Staff and relatives are named in the head of the document and nowhere else.
    let known = people::known(&root, cleaning.sweep.known);
    let sweep = Sweep { known: &known, ..cleaning.sweep };
    let cleaning = Cleaning { sweep, ..*cleaning };
    rules::apply(&mut root, &cleaning)?;
    narrative::sweep(&mut root, &cleaning);
    if !cleaning.sweep.hits(&narrative::text(&root), Depth::Known).is_empty()
        || names_someone(&root, &cleaning)
    {
        return Err(Doubt("an identifier was still there in the end"));
    }
    Ok(tree::write(&root).into_bytes())
}

/// Whether an attribute still says who somebody is.
fn names_someone(node: &Node, cleaning: &Cleaning<'_>) -> bool {
    node.attributes.iter().any(|(_, value)| !value.contains('[') && cleaning.sweep.names_someone(value))
        || node.children().any(|child| names_someone(child, cleaning))
}

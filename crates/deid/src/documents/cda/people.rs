//! Who is named in the head of a document.

use super::tree::Node;
use crate::text::Known;

/// What is known already, with what the document's own fields say of people.
pub(super) fn known(root: &Node, known: &Known) -> Known {
    let mut known = known.clone();
    gather(root, &mut known);
    known
}

fn gather(node: &Node, known: &mut Known) {
    match node.local() {
        "name" => known.add_name(&name(node)),
        "birthTime" => {
            known.add_date(node.attribute("value").unwrap_or_default().get(..8).unwrap_or_default());
        }
        "id" => {
            let extension = node.attribute("extension").unwrap_or_default();
            if extension.bytes().any(|byte| byte.is_ascii_digit()) {
                known.add_id(extension);
            }
        }
        "telecom" => {
            let number = node.attribute("value").unwrap_or_default();
            known.add_id(number.rsplit(':').next().unwrap_or(number));
        }
        _ => {}
    }
    node.children().for_each(|child| gather(child, known));
}

/// As DICOM writes names, if its parts are marked.
fn name(node: &Node) -> String {
    let parts = |part: &str| -> Vec<String> {
        let named = node.children().filter(|child| child.local() == part);
        named.map(|child| child.text().trim().to_owned()).collect()
    };
    let marked = [parts("family"), parts("given")].concat();
    if marked.is_empty() { node.text().trim().to_owned() } else { marked.join("^") }
}

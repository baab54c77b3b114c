//! Settings of routing rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where routing rules may send to, beside peers.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Routing {
    /// Folders that routing rules may write exams into, by a name, e.g. trial = "/srv/trial". Whoever can read the
    /// folder sees what rules write there.
    pub folders: BTreeMap<String, PathBuf>,
}

/// What stands before a folder's name where peers are named.
const FOLDER: &str = "folder:";

impl Routing {
    /// The folder that is named as `folder:NAME`; outer `None`: it is no folder; inner: there is none of this name.
    #[must_use]
    pub fn folder(&self, destination: &str) -> Option<Option<&Path>> {
        let name = destination.strip_prefix(FOLDER)?;
        Some(self.folders.get(name).map(PathBuf::as_path))
    }

    /// How rules name the folders.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.folders.keys().map(|name| format!("{FOLDER}{name}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_from_peers() {
        let routing = Routing { folders: BTreeMap::from([("trial".into(), "/srv/trial".into())]) };
        assert_eq!(routing.folder("trial"), None);
        assert_eq!(routing.folder("folder:trial"), Some(Some(Path::new("/srv/trial"))));
        assert_eq!(routing.folder("folder:other"), Some(None));
        assert_eq!(routing.names(), ["folder:trial"]);
    }
}

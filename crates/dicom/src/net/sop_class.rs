//! Which service a SOP class belongs to (PS3.4, PS3.6 Table A-1), as far as the wire cares.

/// Verification (PS3.4 Annex A).
pub const VERIFICATION: &str = "1.2.840.10008.1.1";
/// Storage Commitment Push Model (PS3.4 Annex J).
pub const STORAGE_COMMITMENT: &str = "1.2.840.10008.1.20.1";
/// The one instance of Storage Commitment Push Model.
pub const STORAGE_COMMITMENT_INSTANCE: &str = "1.2.840.10008.1.20.1.1";
/// The Storage service class, as said in common extended negotiation.
pub const STORAGE_SERVICE: &str = "1.2.840.10008.4.2";
/// Implicit VR little endian, which everyone speaks (PS3.5 §10.1).
pub const IMPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2";
/// Explicit VR little endian.
pub const EXPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
/// Explicit VR big endian, retired.
pub const EXPLICIT_BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// The information models of query and retrieve (PS3.4 Annex C.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// Patient, study, series, image.
    Patient,
    /// Study, series, image.
    Study,
    /// Patient and study only (retired).
    PatientStudyOnly,
}

impl Root {
    /// The SOP class's UID up to its last component.
    const fn stem(self) -> &'static str {
        match self {
            Self::Patient => "1.2.840.10008.5.1.4.1.2.1",
            Self::Study => "1.2.840.10008.5.1.4.1.2.2",
            Self::PatientStudyOnly => "1.2.840.10008.5.1.4.1.2.3",
        }
    }

    /// The model's FIND SOP class.
    #[must_use]
    pub fn find(self) -> String {
        format!("{}.1", self.stem())
    }

    /// The model's MOVE SOP class.
    #[must_use]
    pub fn r#move(self) -> String {
        format!("{}.2", self.stem())
    }

    /// The model's GET SOP class.
    #[must_use]
    pub fn get(self) -> String {
        format!("{}.3", self.stem())
    }
}

/// What a SOP class is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// C-ECHO.
    Verification,
    /// C-STORE.
    Storage,
    /// N-ACTION and N-EVENT-REPORT of storage commitment.
    StorageCommitment,
    /// C-FIND.
    Find(Root),
    /// C-MOVE.
    Move(Root),
    /// C-GET.
    Get(Root),
    /// Something else that is not storage.
    Other,
}

/// Branches of the standard's UIDs that hold services other than storage. Each ends with a dot
/// (all below it) or stands for itself and all below it.
const NOT_STORAGE: &[&str] = &[
    "1.2.840.10008.1",
    "1.2.840.10008.3",
    "1.2.840.10008.4",
    "1.2.840.10008.10",
    "1.2.840.10008.5.1.1",
    "1.2.840.10008.5.1.4.1.1.200.4",
    "1.2.840.10008.5.1.4.1.1.200.5",
    "1.2.840.10008.5.1.4.1.1.200.6",
    "1.2.840.10008.5.1.4.1.1.201.2",
    "1.2.840.10008.5.1.4.1.1.201.3",
    "1.2.840.10008.5.1.4.1.1.201.4",
    "1.2.840.10008.5.1.4.1.1.201.5",
    "1.2.840.10008.5.1.4.1.1.201.6",
    "1.2.840.10008.5.1.4.1.2",
    "1.2.840.10008.5.1.4.20",
    "1.2.840.10008.5.1.4.31",
    "1.2.840.10008.5.1.4.32",
    "1.2.840.10008.5.1.4.33",
    "1.2.840.10008.5.1.4.34.2",
    "1.2.840.10008.5.1.4.34.3",
    "1.2.840.10008.5.1.4.34.4",
    "1.2.840.10008.5.1.4.34.5",
    "1.2.840.10008.5.1.4.34.6",
    "1.2.840.10008.5.1.4.34.8",
    "1.2.840.10008.5.1.4.34.9",
    "1.2.840.10008.5.1.4.37",
    "1.2.840.10008.5.1.4.38.2",
    "1.2.840.10008.5.1.4.38.3",
    "1.2.840.10008.5.1.4.38.4",
    "1.2.840.10008.5.1.4.39.2",
    "1.2.840.10008.5.1.4.39.3",
    "1.2.840.10008.5.1.4.39.4",
    "1.2.840.10008.5.1.4.41",
    "1.2.840.10008.5.1.4.42",
    "1.2.840.10008.5.1.4.43.2",
    "1.2.840.10008.5.1.4.43.3",
    "1.2.840.10008.5.1.4.43.4",
    "1.2.840.10008.5.1.4.44.2",
    "1.2.840.10008.5.1.4.44.3",
    "1.2.840.10008.5.1.4.44.4",
    "1.2.840.10008.5.1.4.45.2",
    "1.2.840.10008.5.1.4.45.3",
    "1.2.840.10008.5.1.4.45.4",
];

/// Retired storage classes in the branch of print.
const STORED_PRINT: &[&str] = &["1.2.840.10008.5.1.1.27", "1.2.840.10008.5.1.1.29", "1.2.840.10008.5.1.1.30"];

/// What this SOP class is for. Whatever is not known to be another service is taken for storage:
/// private classes and ones newer than this program are images too.
#[must_use]
pub fn service_of(uid: &str) -> Service {
    for root in [Root::Patient, Root::Study, Root::PatientStudyOnly] {
        match uid.strip_prefix(root.stem()) {
            Some(".1") => return Service::Find(root),
            Some(".2") => return Service::Move(root),
            Some(".3") => return Service::Get(root),
            _ => {}
        }
    }
    match uid {
        VERIFICATION => Service::Verification,
        STORAGE_COMMITMENT => Service::StorageCommitment,
        uid if STORED_PRINT.contains(&uid) => Service::Storage,
        uid if NOT_STORAGE.iter().any(|branch| is_below(uid, branch)) => Service::Other,
        "" => Service::Other,
        _ => Service::Storage,
    }
}

fn is_below(uid: &str, branch: &str) -> bool {
    uid.strip_prefix(branch).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_models_are_told_apart() {
        assert_eq!(service_of("1.2.840.10008.5.1.4.1.2.1.1"), Service::Find(Root::Patient));
        assert_eq!(service_of(&Root::Study.r#move()), Service::Move(Root::Study));
        assert_eq!(service_of("1.2.840.10008.5.1.4.1.2.4.2"), Service::Other);
    }

    #[test]
    fn unknown_and_private_classes_are_storage() {
        for uid in ["1.2.840.10008.5.1.4.1.1.2", "1.3.12.2.1107.5.9.1", "1.2.840.10008.5.1.4.1.1.9999"] {
            assert_eq!(service_of(uid), Service::Storage, "{uid}");
        }
    }

    #[test]
    fn worklists_print_and_steps_are_not_storage() {
        for uid in ["1.2.840.10008.5.1.4.31", "1.2.840.10008.5.1.1.9", "1.2.840.10008.3.1.2.3.3"] {
            assert_eq!(service_of(uid), Service::Other, "{uid}");
        }
        assert_eq!(service_of("1.2.840.10008.5.1.4.34.7"), Service::Storage);
        assert_eq!(service_of("1.2.840.10008.5.1.1.30"), Service::Storage);
    }
}

//! Everything out.

use crate::archive::export::{ExportError, PROVENANCE};
use crate::common::{content, entry, open};
use intake::{Kind, NewEntry, Shelf};

#[tokio::test]
async fn every_entry_becomes_a_file_with_its_provenance() {
    let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let archive = open(folder.path()).await;
    for n in 0..5 {
        archive.append(entry(n, 2000)).await.unwrap();
    }
    archive.append(entry(0, 2000)).await.unwrap(); // the same name again
    let kind = Kind::Attachment;
    archive.append(NewEntry { kind, name: "attachments/a.pdf".into(), ..entry(9, 50) }).await.unwrap();
    let exported = archive.export(out.path(), |_| {}).await.unwrap();
    assert_eq!((exported.files, exported.bytes, exported.damaged.len()), (7, 12_050, 0));
    let provenance = std::fs::read_to_string(out.path().join(PROVENANCE)).unwrap();
    let lines: Vec<serde_json::Value> =
        provenance.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 7);
    for (n, line) in lines[..5].iter().enumerate() {
        let path = line["path"].as_str().unwrap();
        assert!(path.starts_with("dicom/1.2.840."));
        assert_eq!(std::fs::read(out.path().join(path)).unwrap(), content(n as u64, 2000));
        assert_eq!(line["source"]["account"], "test");
    }
    assert!(lines[5]["path"].as_str().unwrap().ends_with("~2"));
    assert_eq!(lines[6]["path"], "attachments/a.pdf");
    let again = archive.export(out.path(), |_| {}).await;
    assert!(matches!(again, Err(ExportError::NotEmpty(_))));
}

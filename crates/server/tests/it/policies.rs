//! Policies as people keep, approve, compare and try them.

use crate::dimse::support::instance;
use crate::running::{Browser, Running};
use bytes::Bytes;
use govern::Role;
use model::{Door, Source, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

async fn ask(browser: &Browser<'_>, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let answer = browser.request(method, path).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

async fn look(browser: &Browser<'_>, path: &str) -> Value {
    browser.get(path).send().await.unwrap().json().await.unwrap()
}

/// Takes an instance with words in it and indexes it.
async fn take(running: &Running, study: &str) {
    let data_set = instance(study, &format!("{study}.1"), &format!("{study}.1.1"));
    let syntax = dicom::TransferSyntax::EXPLICIT_LE;
    let mut set = dicom::read_data_set(&data_set, &syntax, &dicom::ReadOptions::default()).unwrap();
    let mut item = dicom::DataSet::new();
    item.put_text(dicom::tags::REFERENCED_SOP_INSTANCE_UID, "1.2.840.99.7");
    set.put_items(dicom::tags::REFERENCED_STUDY_SEQUENCE, vec![item]);
    set.put_text(dicom::tags::STUDY_DESCRIPTION, "Chest of Doe");
    set.put_text(dicom::tags::STUDY_ID, "77");
    let mut incoming = running.app.intake.begin();
    incoming.push(Bytes::from(dicom::write_file(&set, &syntax, None))).await.unwrap();
    let received_at = Timestamp::now();
    let source = Source { door: Door::Upload, account: "ann".into(), peer: None, path: None, received_at };
    incoming.finish(source).await.unwrap();
}

async fn preview(browser: &Browser<'_>, policy: Value) -> Value {
    let body = json!({ "policy": policy, "study": "1.2.8" });
    for _ in 0..400 {
        let (status, shown) = ask(browser, Method::POST, "/api/v1/policies/preview", &body).await;
        if status != 404 {
            assert_eq!(status, 200, "{shown}");
            return shown;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("it is not indexed");
}

fn of<'a>(shown: &'a Value, path: &str) -> &'a Value {
    let attributes = shown["attributes"].as_array().unwrap();
    attributes.iter().find(|one| one["path"] == path).unwrap_or_else(|| panic!("{path} in {shown}"))
}

fn ours(more: &str) -> String {
    format!("# Why\nformat = 1\nid = \"ours\"\nversion = 1\ntitle = \"Ours\"\n{more}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_is_kept_in_versions_and_approved_by_somebody_else_than_its_author() {
    let running = Running::start().await;
    running.account("ann", Role::Admin).await;
    let accounts = &running.app.govern.accounts;
    for other in accounts.list().await.unwrap().iter().filter(|account| account.name != "ann") {
        accounts.set_enabled(&other.name, false, Timestamp::now()).await.unwrap();
    }
    let ann = running.sign_in("ann").await;
    let list = look(&ann, "/api/v1/policies").await;
    assert_eq!(list["policies"][0]["id"], "basic");
    assert_eq!(list["policies"][0]["versions"][0]["state"], "ready-made");

    let wrong = json!({ "text": ours("[dates]\nshift-days = [5, -5]") });
    let (status, refused) = ask(&ann, Method::POST, "/api/v1/policies", &wrong).await;
    assert_eq!(status, 422);
    assert!(refused["detail"].as_str().unwrap().starts_with("line 7: dates.shift-days: "), "{refused}");
    let (_, checked) = ask(&ann, Method::POST, "/api/v1/policies/check", &wrong).await;
    assert_eq!(
        (&checked["fault"]["line"], &checked["fault"]["place"]),
        (&json!(7), &json!("dates.shift-days"))
    );

    let (status, made) = ask(&ann, Method::POST, "/api/v1/policies", &json!({ "text": ours("") })).await;
    assert_eq!((status, &made["version"], &made["state"]), (201, &json!(1), &json!("draft")), "{made}");
    assert_eq!(ask(&ann, Method::POST, "/api/v1/policies", &json!({ "text": ours("") })).await.0, 409);
    let taken = json!({ "text": ours("").replace("ours", "basic") });
    assert_eq!(ask(&ann, Method::POST, "/api/v1/policies", &taken).await.0, 409);

    let mut document = made["document"].clone();
    document["options"] = json!(["clean-descriptors"]);
    let next = json!({ "seen": 1, "document": document, "note": "descriptions" });
    let (status, second) = ask(&ann, Method::POST, "/api/v1/policies/ours/versions", &next).await;
    assert_eq!((status, &second["version"]), (201, &json!(2)), "{second}");
    assert!(second["text"].as_str().unwrap().contains("version = 2"));
    assert_eq!(ask(&ann, Method::POST, "/api/v1/policies/ours/versions", &next).await.0, 409);

    let ledger = &running.app.ledger;
    assert!(server::policies::get(ledger, "ours", 2).await.is_ok_and(|policy| policy.label() == "ours v2"));
    assert!(server::policies::approved(&running.app, "ours", 2).await.is_err(), "a draft serves nobody");
    assert!(server::policies::approved(&running.app, "basic+retain-uids", 1).await.is_ok());
    assert!(server::policies::approved(&running.app, "basic", 2).await.is_err(), "there is no such version");

    let (status, alone) =
        ask(&ann, Method::POST, "/api/v1/policies/ours/versions/1/approve", &json!({})).await;
    assert_eq!((status, &alone["approvedAlone"]), (200, &json!(true)), "nobody else can: {alone}");
    running.account("bea", Role::Broker).await;
    let bea = running.sign_in("bea").await;
    let approve = "/api/v1/policies/ours/versions/2/approve";
    let (status, refused) = ask(&ann, Method::POST, approve, &json!({})).await;
    assert_eq!((status, &refused["type"]), (403, &json!("urn:isocenter:problem:policy-by-two")));
    let (status, approved) = ask(&bea, Method::POST, approve, &json!({})).await;
    assert_eq!((status, &approved["approvedBy"]), (200, &json!("bea")));
    assert_eq!(ask(&bea, Method::POST, approve, &json!({})).await.0, 409);
    assert!(server::policies::approved(&running.app, "ours", 2).await.is_ok());
    assert_eq!(approved["signature"].as_str().map(str::len), Some(128), "{approved}");
    let forge = "UPDATE policy_version SET body = body || '# more' WHERE policy = 'ours' AND version = 2";
    sqlx::query(forge).execute(ledger.pool()).await.unwrap();
    let forged = server::policies::approved(&running.app, "ours", 2).await.map(|_| ()).unwrap_err();
    assert!(forged.to_string().contains("is not what was approved"), "{forged}");
    let log = look(&ann, "/api/v1/audit").await.to_string();
    assert!(log.contains("policy:ours") && log.contains("approved"), "{log}");
    drop((ann, bea));
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_tells_of_each_attribute_what_becomes_of_it_and_why() {
    let running = Running::start().await;
    running.account("ann", Role::Broker).await;
    let ann = running.sign_in("ann").await;
    take(&running, "1.2.8").await;
    let accept = "[pixels]\nburned-in = \"accept\"\n";
    let shown = preview(&ann, json!({ "text": ours(accept) })).await;
    let id = of(&shown, "(0020,0010)");
    assert_eq!(
        (&id["before"], &id["keyword"], &id["by"]["kind"]),
        (&json!("77"), &json!("StudyID"), &json!("profile"))
    );
    assert_ne!(id["outcome"], "kept");
    let uid = of(&shown, "(0008,1110)");
    assert!(uid["why"].as_str().unwrap().contains("PS3.15 Table E.1-1"), "{uid}");
    assert_eq!(of(&shown, "(0012,0062)")["outcome"], "added");

    let rule = "[[rules]]\nattribute = \"StudyID\"\naction = \"keep\"\nbecause = \"the trial's own\"\n\
                [[rules]]\nattribute = \"ReferencedStudySequence\"\naction = \"uid\"\n";
    let shown = preview(&ann, json!({ "text": ours(&format!("{accept}{rule}")) })).await;
    let id = of(&shown, "(0020,0010)");
    assert_eq!(
        (&id["outcome"], &id["after"], &id["by"]["number"]),
        (&json!("kept"), &json!("77"), &json!(0))
    );
    let nested = of(&shown, "(0008,1110)[0].(0008,1155)");
    assert_eq!(nested["outcome"], "uid-replaced");
    assert!(nested["after"].as_str().unwrap().starts_with("2.25."));

    let withheld = preview(&ann, json!({ "id": "basic" })).await;
    assert_eq!(withheld["withheld"]["code"], "burned-in-text", "{withheld}");
    assert_eq!(withheld["attributes"], json!([]));

    let both = json!({ "before": { "id": "basic" }, "after": { "id": "basic+clean-descriptors" } });
    let (_, differ) = ask(&ann, Method::POST, "/api/v1/policies/compare", &both).await;
    let keys: Vec<_> = differ["keys"].as_array().unwrap().iter().map(|one| one["what"].clone()).collect();
    assert!(keys.contains(&json!("options")), "{keys:?}");
    let attributes = differ["attributes"].as_array().unwrap();
    let description = attributes.iter().find(|one| one["what"] == "StudyDescription").unwrap();
    assert!(description["after"].as_str().unwrap().starts_with("cleaned"), "{description}");

    let script = r#"<script><e en="T" t="00080080" n="InstitutionName">@remove()</e><k en="T" t="0018">Keep</k></script>"#;
    let asked = json!({ "script": script, "id": "site" });
    let (_, imported) = ask(&ann, Method::POST, "/api/v1/policies/ctp", &asked).await;
    assert!(imported["text"].as_str().unwrap().contains("InstitutionName"));
    assert_eq!(imported["leftOut"][0]["element"], "<k> 0018");
    drop(ann);
    running.stop().await.unwrap();
}

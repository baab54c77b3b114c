//! The same questions, answered in this process and on a cluster of a scheduler and two executors.

use object_store::ObjectStore;
use object_store::memory::InMemory;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use warehouse::ask::Cohort;
use warehouse::cluster::{Executing, Scheduling, execute, schedule};
use warehouse::definition::Definition;
use warehouse::engine::{AskError, Engine, Place, Session};
use warehouse::shelf::{Shelf, Versions};
use warehouse::synthetic::Population;

const LONGEST: Duration = Duration::from_secs(120);

/// As the binary runs: plans are written by recursion, and frames of debug builds are large.
fn on_deep_stacks(test: impl Future<Output = ()> + Send + 'static) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().worker_threads(4).thread_stack_size(16 << 20).build().unwrap();
    runtime.block_on(runtime.spawn(test)).unwrap();
    runtime.shutdown_background();
}

/// A port that is free now.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

struct Running {
    place: Place,
    _tasks: JoinSet<()>,
    _folders: tempfile::TempDir,
}

async fn cluster(objects: &Arc<dyn ObjectStore>, executors: usize) -> Running {
    let mut tasks = JoinSet::new();
    let (told, listens) = oneshot::channel();
    let scheduling = Scheduling { listen: "127.0.0.1:0".parse().unwrap(), silence: Duration::from_secs(15) };
    let facts = Arc::clone(objects);
    tasks.spawn(async move {
        schedule(facts, scheduling, |address| told.send(address).unwrap()).await.unwrap();
    });
    let address = listens.await.unwrap();
    let place = Place::Cluster { host: address.ip().to_string(), port: address.port() };
    let folders = tempfile::tempdir().unwrap();
    for number in 0..executors {
        let folder = folders.path().join(number.to_string());
        let executing = Executing { listen: free(), scheduler: place.clone(), folder, cores: 2 };
        let facts = Arc::clone(objects);
        tasks.spawn(async move { execute(facts, executing).await.unwrap() });
    }
    Running { place, _tasks: tasks, _folders: folders }
}

async fn session(place: &Place, shelf: &Shelf) -> Arc<Session> {
    let engine = Engine::at(place, shelf, LONGEST).await.unwrap();
    Arc::new(engine.over(1, &shelf.all_files(&Versions::new()).await.unwrap()).unwrap())
}

async fn shelf(patients: i64) -> (Arc<dyn ObjectStore>, Shelf) {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let shelf = Shelf::open(Arc::clone(&objects)).await.unwrap();
    let population = Population { patients, pictured: 0, seed: 1 };
    warehouse::synthetic::fill(&shelf, population, |_| ()).await.unwrap();
    (objects, shelf)
}

/// Everything a cohort tells.
async fn told(session: &Arc<Session>, definition: &Definition) -> String {
    let cohort = Cohort::of(Arc::clone(session), definition).await.unwrap();
    let counted = cohort.patients_counted().await.unwrap();
    let (members, page) = (cohort.members().await.unwrap(), cohort.page(0, 50).await.unwrap());
    let page = datafusion::arrow::util::pretty::pretty_format_batches(&page).unwrap();
    format!("{} {} {members:?}\n{page}", counted.patients, counted.mark)
}

#[test]
fn ten_questions_are_answered_alike_here_and_on_a_cluster() {
    on_deep_stacks(async {
        let (objects, shelf) = shelf(3_000).await;
        let cluster = cluster(&objects, 2).await;
        let (here, there) = (session(&Place::Local, &shelf).await, session(&cluster.place, &shelf).await);
        let questions = include_str!("../../../../bench/cohorts.json");
        let questions: serde_json::Map<String, Value> = serde_json::from_str(questions).unwrap();
        assert_eq!(questions.len(), 10);
        let mut found = 0;
        for (name, definition) in questions {
            let definition: Definition = serde_json::from_value(definition).unwrap();
            let (one, two) = (told(&here, &definition).await, told(&there, &definition).await);
            found += usize::from(!one.starts_with("0 "));
            assert_eq!(one, two, "{name}");
        }
        assert!(found >= 8, "questions that find somebody: {found}");
    });
}

#[test]
fn statements_of_all_kinds_are_answered_alike_here_and_on_a_cluster() {
    on_deep_stacks(async {
        let (objects, shelf) = shelf(300).await;
        let cluster = cluster(&objects, 1).await;
        let (here, there) = (session(&Place::Local, &shelf).await, session(&cluster.place, &shelf).await);
        for sql in [
            "SELECT 1 AS one",
            "SELECT code, COUNT(DISTINCT patient) AS n FROM condition GROUP BY code ORDER BY n DESC, code",
            "SELECT * FROM exam ORDER BY exam LIMIT 100",
            // The map of attributes, and a table without rows.
            "SELECT patient, exam, attributes['SliceThickness'] AS thick FROM series ORDER BY patient, exam, id LIMIT 50",
            "SELECT COUNT(*) AS n FROM variant",
            "SELECT * FROM variant",
            "SELECT code FROM condition WHERE FALSE",
            "SELECT patient, ROW_NUMBER() OVER (PARTITION BY patient ORDER BY day, id) AS nth FROM exam ORDER BY 1, 2",
            "WITH first AS (SELECT patient, MIN(day) AS day FROM exam GROUP BY patient) \
         SELECT COUNT(*) AS n FROM condition c JOIN first f ON c.patient = f.patient AND c.day BETWEEN f.day - 90 AND f.day",
            "SELECT COUNT(*) AS n FROM patient WHERE patient NOT IN (SELECT patient FROM exam)",
            "SELECT COUNT(*) AS n FROM patient WHERE birth_year > (SELECT AVG(birth_year) FROM patient)",
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'facts' ORDER BY 1",
        ] {
            let shown = async |session: &Session| {
                let batches = session.ask(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
                let batches: Vec<_> = batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
                datafusion::arrow::util::pretty::pretty_format_batches(&batches).unwrap().to_string()
            };
            assert_eq!(shown(&here).await, shown(&there).await, "{sql}");
        }
        for sql in
            ["SELECT nothing FROM patient", "SELECT CAST(sex AS INT) FROM patient", "DROP TABLE patient"]
        {
            assert!(there.ask(sql).await.is_err(), "{sql}");
        }
    });
}

#[test]
fn a_question_on_a_cluster_has_its_time() {
    on_deep_stacks(async {
        let (objects, shelf) = shelf(200).await;
        let cluster = cluster(&objects, 1).await;
        let engine = Engine::at(&cluster.place, &shelf, Duration::from_secs(3)).await.unwrap();
        let session = engine.over(1, &shelf.all_files(&Versions::new()).await.unwrap()).unwrap();
        let begun = Instant::now();
        let endless = "SELECT COUNT(*) FROM condition a, condition b, condition c, condition d WHERE a.day < b.day + c.day";
        assert!(matches!(session.ask(endless).await, Err(AskError::TooLong(_))));
        assert!(begun.elapsed() < Duration::from_secs(10));
        // It was cancelled: the one executor is free for others.
        let begun = Instant::now();
        while session.ask("SELECT COUNT(*) FROM patient").await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the executor is still busy");
        }
    });
}

#[test]
fn a_cluster_that_is_not_there_is_told_as_such() {
    on_deep_stacks(async {
        let (_, shelf) = shelf(10).await;
        let place = Place::Cluster { host: "127.0.0.1".into(), port: free().port() };
        let asked = session(&place, &shelf).await.ask("SELECT COUNT(*) FROM patient").await;
        let Err(AskError::NoCluster(told)) = asked else { panic!("{asked:?}") };
        assert_eq!(told, place);
    });
}

#[tokio::test]
async fn roles_stay_on_this_machine() {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let listen: SocketAddr = "0.0.0.0:0".parse().unwrap();
    let scheduling = Scheduling { listen, silence: Duration::from_secs(15) };
    let refused = schedule(Arc::clone(&objects), scheduling, |_| ()).await.unwrap_err();
    assert!(refused.to_string().contains("no accounts"), "{refused}");
    let scheduler = Place::Cluster { host: "127.0.0.1".into(), port: 1 };
    let executing = Executing { listen, scheduler, folder: "never-made".into(), cores: 1 };
    assert!(execute(objects, executing).await.unwrap_err().to_string().contains("no accounts"));
}

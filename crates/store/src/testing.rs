//! Ledgers for tests: a fresh SQLite file, or a fresh database on a private PostgreSQL server.
//!
//! ```ignore
//! async fn a_row_is_kept(ledger: Ledger) { … }
//! store::each_ledger!(a_row_is_kept, another_rule);
//! ```

mod s3;

pub use s3::PrivateS3;

use crate::ledger::Ledger;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A ledger in a temporary folder, removed when this is dropped.
pub struct SqliteLedger {
    /// The ledger.
    pub ledger: Ledger,
    _folder: TempDir,
}

impl SqliteLedger {
    /// Makes an empty ledger.
    ///
    /// # Panics
    /// When the temporary folder or the ledger can't be made.
    #[expect(clippy::expect_used, reason = "a test without its ledger has failed")]
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let uri = format!("sqlite://{}/ledger.db", folder.path().display());
        let ledger = Ledger::open(&uri).await.expect("a SQLite ledger");
        Self { ledger, _folder: folder }
    }
}

/// A PostgreSQL server of our own in a temporary folder, reached by a socket in it;
/// stopped and removed when this is dropped.
pub struct PrivatePostgres {
    server: Child,
    folder: TempDir,
    programs: PathBuf,
    databases: AtomicU32,
}

impl PrivatePostgres {
    /// Starts a server from Debian's package; as another user when we are root, as it demands.
    /// Returns nothing, with a line saying so, where PostgreSQL isn't installed, unless `CI` is set.
    ///
    /// # Panics
    /// When it is installed and doesn't start, or when `CI` is set and it isn't installed.
    #[must_use]
    #[expect(clippy::print_stderr, reason = "a skipped test says why")]
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
            eprintln!("skipped on PostgreSQL: no /usr/lib/postgresql/*/bin/initdb");
            return None;
        };
        Some(Self::start_from(programs))
    }

    #[expect(clippy::expect_used, reason = "a test without its server has failed")]
    fn start_from(programs: PathBuf) -> Self {
        let folder = tempfile::Builder::new().prefix("isocenter-pg").tempdir().expect("a folder");
        if is_root() {
            run(Command::new("chown").arg(server_user()).arg(folder.path()));
        }
        let data = folder.path().join("data");
        run(as_server_user(&programs.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=isocenter", "--encoding=UTF8"])
            .args(["--locale=C", "-D"])
            .arg(&data));
        let server = as_server_user(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=100"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres starts");
        let started = Self { server, folder, programs, databases: AtomicU32::new(0) };
        started.wait_until_ready();
        started
    }

    /// Makes a new database and opens it.
    ///
    /// # Panics
    /// When the server refuses.
    #[expect(clippy::expect_used, reason = "a test without its database has failed")]
    pub async fn ledger(&self) -> Ledger {
        Ledger::open(&self.new_database()).await.expect("a PostgreSQL ledger")
    }

    /// Makes a new database and gives its URI.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn new_database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(Command::new(self.programs.join("createdb"))
            .args(["--username=isocenter", "--host"])
            .arg(self.folder.path())
            .arg(&name));
        format!("postgres://isocenter@localhost/{name}?host={}", self.folder.path().display())
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(60) {
            let ready = Command::new(self.programs.join("pg_isready"))
                .args(["-q", "-h"])
                .arg(self.folder.path())
                .status()
                .is_ok_and(|status| status.success());
            if ready {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the private PostgreSQL did not become ready");
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        // Through pg_ctl, since the server may belong to another user's process.
        let _ = as_server_user(&self.programs.join("pg_ctl"))
            .args(["stop", "-m", "immediate", "-s", "-D"])
            .arg(self.folder.path().join("data"))
            .status();
        let _ = self.server.wait();
    }
}

fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders.filter(|bin| bin.join("initdb").exists()).max()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn server_user() -> &'static str {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" }
}

fn as_server_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", server_user(), "--"]).arg(program).current_dir("/");
    command
}

#[expect(clippy::expect_used, reason = "a test without its server has failed")]
fn run(command: &mut Command) {
    let output = command.output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {errors}");
}

/// Runs each `async fn(store::Ledger)` on both engines: one test per function on SQLite, and one
/// test that runs them all on PostgreSQL, each in a fresh database of one private server.
#[macro_export]
macro_rules! each_ledger {
    ($($rule:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    let sqlite = $crate::testing::SqliteLedger::start().await;
                    super::$rule(sqlite.ledger.clone()).await;
                }
            )+
        }
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn on_postgres() {
            let Some(postgres) = $crate::testing::PrivatePostgres::start() else { return };
            $(
                let ledger = postgres.ledger().await;
                if let Err(panic) = tokio::spawn($rule(ledger.clone())).await {
                    panic!("{} on PostgreSQL: {panic}", stringify!($rule));
                }
                ledger.close().await;
            )+
        }
    };
}

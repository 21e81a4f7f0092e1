//! A PostgreSQL server of our own for the time of the tests.

use crate::shell::{has, install, read, run_command, say};
use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A running server; it is stopped and its folder removed when this is dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts one if PostgreSQL is there or can be installed; `None`, and a word about it, if not.
    pub fn start() -> Option<Self> {
        let programs = programs().or_else(|| if install(&["postgresql"]) { programs() } else { None });
        let Some(programs) = programs else {
            say("PostgreSQL is not there: its tests are skipped");
            return None;
        };
        let started = Self::start_with(programs);
        if let Err(error) = &started {
            say(&format!("PostgreSQL does not start, its tests are skipped: {error:#}"));
        }
        started.ok()
    }

    fn start_with(programs: PathBuf) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("langflow-test-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let port = free_port()?;
        let server = Self { programs, folder, port };
        if is_root() {
            // PostgreSQL refuses to run as root.
            run_command(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.folder.join("data");
        server.perform(
            "initdb",
            &["--auth=trust", "--username=langflow", "--encoding=UTF8", "--no-sync", "-D"],
            &data,
        )?;
        let options = format!(
            "-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200",
            server.folder.display()
        );
        let log = server.folder.join("log").display().to_string();
        server.perform(
            "pg_ctl",
            &["start", "--wait", "--silent", "-o", &options, "-l", &log, "-D"],
            &data,
        )?;
        Ok(server)
    }

    /// Where the tests find it.
    pub fn url(&self) -> String {
        format!("postgresql://langflow@127.0.0.1:{}/postgres", self.port)
    }

    fn perform(&self, program: &str, arguments: &[&str], data: &Path) -> Result<()> {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        run_command(command.args(arguments).arg(data).current_dir(&self.folder).stdout(Stdio::null()))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = self.perform("pg_ctl", &["stop", "--mode=immediate", "--silent", "-D"], &data);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder with `initdb` and `pg_ctl`; Debian keeps them out of the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten();
    let mut found: Vec<PathBuf> = debian
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop().or_else(|| has("initdb").then(PathBuf::new))
}

pub fn is_root() -> bool {
    read("id", &["-u"]).is_ok_and(|id| id.trim() == "0")
}

pub fn free_port() -> Result<u16> {
    let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(socket.local_addr()?.port())
}

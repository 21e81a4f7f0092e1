//! A MariaDB server of our own for the time of the tests.

use crate::postgres::{free_port, is_root};
use crate::shell::{has, install, run_command, say};
use anyhow::{Result, bail};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; it is stopped and its folder removed when this is dropped.
pub struct MariaDb {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl MariaDb {
    /// Starts one if MariaDB is there or can be installed; `None`, and a word about it, if not.
    pub fn start() -> Option<Self> {
        let found = || {
            let program = ["mariadbd", "/usr/sbin/mariadbd"].into_iter().find(|program| has(program));
            program.filter(|_| has("mariadb-install-db"))
        };
        // The programs alone, and one that they take from the client: the whole package would start a server of its own.
        let Some(program) = found().or_else(|| {
            if install(&["mariadb-server-core", "mariadb-client-core"]) { found() } else { None }
        }) else {
            say("MariaDB is not there: its tests are skipped");
            return None;
        };
        let started = Self::start_with(program);
        if let Err(error) = &started {
            say(&format!("MariaDB does not start, its tests are skipped: {error:#}"));
        }
        started.ok()
    }

    fn start_with(program: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("langflow-test-mariadb-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let port = free_port()?;
        let data = format!("--datadir={}", folder.join("data").display());
        let arguments =
            ["--no-defaults", &data, "--auth-root-authentication-method=normal", "--skip-test-db"];
        run_command(as_ourselves(Command::new("mariadb-install-db").args(arguments)))?;
        let mut command = Command::new(program);
        command.args(["--no-defaults", &data, "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=32M"]);
        command.arg(format!("--port={port}")).arg(format!("--socket={}", folder.join("socket").display()));
        command.arg(format!("--pid-file={}", folder.join("pid").display()));
        let server = as_ourselves(&mut command).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut started = Self { server, folder, port };
        started.wait()?;
        Ok(started)
    }

    fn wait(&mut self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.server.try_wait()? {
                bail!("it ended with {status}");
            }
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("it does not answer")
    }

    /// Where the tests find it.
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/mysql", self.port)
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// MariaDB wants to be told that it may run as root.
fn as_ourselves(command: &mut Command) -> &mut Command {
    if is_root() {
        command.arg("--user=root");
    }
    command.stdout(Stdio::null())
}

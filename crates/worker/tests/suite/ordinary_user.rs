//! A server that is not root, as most are: the launch has a user namespace in place of root's rights.

use crate::{escapes, support};
use langflow_testkit::solo::Solo;
use langflow_worker::{Supervisor, WorkerConfig};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const SETPRIV: &str = "/usr/bin/setpriv";
const NOBODY: &str = "65534";

#[tokio::test(flavor = "multi_thread")]
async fn workers_of_an_ordinary_user_run_and_are_confined() {
    // Where the tests are not root, all others of this suite show it.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    if !Path::new(SETPRIV).exists() {
        eprintln!("skipped: there is no {SETPRIV}");
        return;
    }
    let of_root = support::pool(WorkerConfig { max_workers: 1, ..support::config() }).await;
    if of_root.is_none() || !has_user_namespaces() {
        eprintln!("skipped: this machine gives no user namespaces to ordinary users");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = WorkerConfig { max_workers: 1, launcher: launcher(folder.path()), ..support::config() };
    let pool = Supervisor::new(config).unwrap();
    pool.warm_up().await.unwrap();
    let code = support::component("import os\nreturn str(os.getuid())");
    let user = support::run(&pool, &Solo::new(), &code, "out").await.unwrap();
    assert_eq!(user.to_json(), NOBODY);
    escapes::try_everything(&pool).await;
}

fn has_user_namespaces() -> bool {
    let setting =
        |name: &str| fs::read_to_string(format!("/proc/sys/{name}")).map(|text| text.trim().to_owned());
    // The first is there always, the others on some systems only.
    setting("user/max_user_namespaces").is_ok_and(|most| most != "0")
        && setting("kernel/unprivileged_userns_clone").map_or(true, |allowed| allowed != "0")
        && setting("kernel/apparmor_restrict_unprivileged_userns")
            .map_or(true, |restricted| restricted == "0")
}

/// A program that gives up root and its rights before it launches workers. It lies, with what it starts, where that
/// user can go.
fn launcher(folder: &Path) -> PathBuf {
    let open = || fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder, open()).unwrap();
    let (program, script) = (folder.join("worker-launch"), folder.join("as-nobody"));
    fs::copy(support::config().launcher, &program).unwrap();
    let to = format!("--reuid={NOBODY} --regid={NOBODY} --clear-groups --inh-caps=-all");
    let program = program.display();
    fs::write(&script, format!("#!/bin/sh\nexec {SETPRIV} {to} -- {program} \"$@\"\n")).unwrap();
    fs::set_permissions(&script, open()).unwrap();
    script
}

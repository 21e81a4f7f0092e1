//! From a fresh process of our own program to a confined Python: the child's side of the sandbox.
//!
//! The server starts `langflow worker-launch <plan>`. That process (the *outer* one) leaves the namespaces of
//! the server and starts itself once more as `worker-launch --inner`, which is process 1 of the new process
//! namespace: it builds the file system, gives up its user, sets limits, Landlock and the seccomp filter, and
//! becomes Python. Every step is a call of a safe wrapper; nothing here runs in the server's process.
//!
//! A layer that cannot be set up ends the process with [`EXIT_LAYER`] and one line on standard error that
//! names it. The server passes that line on; nothing runs with less protection than the plan says.

mod files;
mod filter;
mod fs_rules;
mod namespaces;
mod plan;

pub use plan::{LaunchPlan, Layer, Layers};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Pid, Uid, geteuid, setgroups, setresgid, setresuid};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Command, ExitCode};

/// The exit code of a launch whose protection could not be set up.
pub const EXIT_LAYER: u8 = 71;
/// The line on standard error begins so.
pub const LAYER_MARK: &str = "langflow-worker-layer ";
/// Name of the hidden subcommand.
pub const SUBCOMMAND: &str = "worker-launch";
/// Flag of the second stage.
pub const INNER: &str = "--inner";
/// How far workers stand back behind the server: as far as they can.
const NICENESS: i32 = 19;
/// The user and group a worker has when the server runs as root: `nobody`.
const NOBODY: u32 = 65_534;

/// Why a launch failed: which layer, and what the kernel said.
#[derive(Debug)]
pub(crate) struct LayerFailure {
    layer: &'static str,
    why: String,
}

impl LayerFailure {
    pub(crate) fn new(layer: Layer, why: impl std::fmt::Display) -> Self {
        Self { layer: layer.as_str(), why: why.to_string() }
    }

    fn start(why: impl std::fmt::Display) -> Self {
        Self { layer: "start", why: why.to_string() }
    }
}

type Step<T = ()> = Result<T, LayerFailure>;

/// Runs the hidden subcommand. It must be called before the program starts any thread.
pub fn main(arguments: &[String]) -> ExitCode {
    let is_inner = arguments.first().is_some_and(|a| a == INNER);
    let json = arguments.last().map(String::as_str).unwrap_or_default();
    let done = serde_json::from_str::<LaunchPlan>(json)
        .map_err(|error| LayerFailure::start(format!("the plan cannot be read: {error}")))
        .and_then(|plan| if is_inner { inner(&plan) } else { outer(&plan, json) });
    match done {
        Ok(code) => code,
        Err(failure) => {
            complain(&failure);
            ExitCode::from(EXIT_LAYER)
        }
    }
}

#[expect(clippy::print_stderr, reason = "standard error is how this process reports to the server")]
fn complain(failure: &LayerFailure) {
    eprintln!("{LAYER_MARK}{}: {}", failure.layer, failure.why.replace('\n', " "));
}

fn outer(plan: &LaunchPlan, json: &str) -> Step<ExitCode> {
    stand_back();
    close_descriptors();
    follow_parent()?;
    let is_root = geteuid().is_root();
    let mut user_dropped = false;
    if plan.layers.namespaces {
        user_dropped = namespaces::leave(plan, is_root)?;
    } else if is_root && plan.layers.user {
        drop_user()?;
        user_dropped = true;
    }
    follow_parent()?;
    let plan_json = if user_dropped { plan.without_user() } else { json.to_owned() };
    let mut child = Command::new("/proc/self/exe")
        .args([SUBCOMMAND, INNER, &plan_json])
        .env_clear()
        .spawn()
        .map_err(|error| LayerFailure::start(format!("the second stage does not start: {error}")))?;
    let status = child.wait().map_err(LayerFailure::start)?;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn inner(plan: &LaunchPlan) -> Step<ExitCode> {
    follow_parent()?;
    if plan.layers.namespaces {
        files::build(plan)?;
        if !geteuid().is_root() {
            namespaces::give_up()?;
        }
    }
    if plan.layers.user && geteuid().is_root() {
        drop_user()?;
        follow_parent()?;
    }
    limits(plan)?;
    prctl::set_no_new_privs().map_err(|error| LayerFailure::new(Layer::Seccomp, error))?;
    if plan.layers.landlock {
        fs_rules::restrict(plan)?;
    }
    if plan.layers.seccomp {
        filter::install()?;
    }
    let error = Command::new(&plan.python)
        .args(&plan.arguments)
        .env_clear()
        .envs(plan.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(if plan.layers.namespaces { "/tmp" } else { "/" })
        .exec();
    Err(LayerFailure::start(format!("{} does not start: {error}", plan.python.display())))
}

/// The worker ends with whoever started it.
fn follow_parent() -> Step {
    prctl::set_pdeathsig(Signal::SIGKILL).map_err(LayerFailure::start)
}

/// Nothing but the three standard streams is inherited.
fn close_descriptors() {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else { return };
    let open: Vec<i32> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2)
        .collect();
    for fd in open {
        // The folder's own descriptor is among them and closed by now.
        let _ = nix::unistd::close(fd);
    }
}

/// Becomes `nobody`, without groups.
pub(crate) fn drop_user() -> Step {
    let fail = |error: nix::Error| LayerFailure::new(Layer::User, error);
    let (uid, gid) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    setgroups(&[]).map_err(fail)?;
    setresgid(gid, gid, gid).map_err(fail)?;
    setresuid(uid, uid, uid).map_err(fail)?;
    // The change of user made the process unreadable to itself; it writes its own maps next.
    prctl::set_dumpable(true).map_err(fail)
}

/// Where processors are scarce, the server goes first, from the first moment of a launch on: code that dies at once is
/// launched again and again. Either step may be forbidden somewhere; then the other has to do.
fn stand_back() {
    let _ = rustix::process::nice(NICENESS);
    leave_a_processor();
}

/// Leaves one processor, if there are two, to the server alone: a worker may keep dozens of threads busy. The system
/// call that would undo it is not allowed later. Where it is not allowed now, niceness has to do.
fn leave_a_processor() {
    let own = Pid::from_raw(0);
    let Ok(mut allowed) = sched_getaffinity(own) else { return };
    let mut usable = (0..CpuSet::count()).filter(|cpu| allowed.is_set(*cpu).unwrap_or(false));
    if let (Some(first), Some(_)) = (usable.next(), usable.next())
        && allowed.unset(first).is_ok()
    {
        let _ = sched_setaffinity(own, &allowed);
    }
}

fn limits(plan: &LaunchPlan) -> Step {
    let mut wanted = vec![
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_NOFILE, plan.max_files),
        (Resource::RLIMIT_FSIZE, plan.work_bytes),
        (Resource::RLIMIT_CPU, plan.cpu_seconds),
        (Resource::RLIMIT_AS, plan.memory_bytes),
        (Resource::RLIMIT_MEMLOCK, 0),
    ];
    if plan.layers.namespaces {
        // Counted for the user: without namespaces that would count processes outside too.
        wanted.push((Resource::RLIMIT_NPROC, plan.max_threads));
    }
    for (resource, value) in wanted {
        setrlimit(resource, value, value)
            .map_err(|error| LayerFailure::new(Layer::Limits, format!("{resource:?}: {error}")))?;
    }
    Ok(())
}

//! Leaving the server's namespaces.

use super::{LaunchPlan, Layer, LayerFailure, Step, drop_user};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};
use std::fs;

/// Leaves the namespaces; true when the user was given up on the way.
///
/// Root with its capabilities needs no user namespace, and keeps its user until the file system stands: the
/// interpreter may lie where `nobody` cannot go. Everybody else, and root in a container without them, gets a
/// user namespace.
pub(super) fn leave(plan: &LaunchPlan, is_root: bool) -> Step<bool> {
    let apart = CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS;
    let mut dropped = false;
    if is_root {
        match unshare(apart) {
            Ok(()) => return Ok(false),
            Err(Errno::EPERM) => {}
            Err(error) => return Err(fail(error)),
        }
        if plan.layers.user {
            drop_user()?;
            dropped = true;
        }
    }
    let (uid, gid) = (geteuid(), getegid());
    unshare(apart | CloneFlags::CLONE_NEWUSER).map_err(fail)?;
    write("/proc/self/setgroups", "deny")?;
    write("/proc/self/uid_map", &format!("65534 {uid} 1"))?;
    write("/proc/self/gid_map", &format!("65534 {gid} 1"))?;
    Ok(dropped)
}

fn fail(error: Errno) -> LayerFailure {
    LayerFailure::new(
        Layer::Namespaces,
        format!("{error}; user namespaces may be turned off here, or the container forbids them"),
    )
}

fn write(path: &str, text: &str) -> Step {
    fs::write(path, text).map_err(|error| LayerFailure::new(Layer::Namespaces, format!("{path}: {error}")))
}

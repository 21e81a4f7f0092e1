//! Leaving the server's namespaces.

use super::{LaunchPlan, Layer, LayerFailure, Step, drop_user};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};
use rustix::io;
use rustix::thread::{
    CapabilitySet, CapabilitySets, capabilities, clear_ambient_capability_set,
    configure_capability_in_ambient_set, set_capabilities,
};
use std::fs;

/// What building the file system takes, in a user namespace.
const MOUNTING: CapabilitySet = CapabilitySet::SYS_ADMIN;

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
    hand_on().map_err(|error| fail_at("capabilities", error))?;
    Ok(dropped)
}

/// The second stage is a program started anew by a user who is not root: of what the user namespace gives, it has
/// what is handed on to it by name (capabilities(7), the ambient set).
fn hand_on() -> io::Result<()> {
    let mut sets = capabilities(None)?;
    sets.inheritable |= MOUNTING;
    set_capabilities(None, sets)?;
    configure_capability_in_ambient_set(MOUNTING, true)
}

/// Gives up what was handed on; the interpreter gets nothing of it.
pub(super) fn give_up() -> Step {
    let none = CapabilitySet::empty();
    clear_ambient_capability_set()
        .and_then(|()| {
            let sets = CapabilitySets { effective: none, permitted: none, inheritable: none };
            set_capabilities(None, sets)
        })
        .map_err(|error| fail_at("capabilities", error))
}

fn fail(error: Errno) -> LayerFailure {
    LayerFailure::new(
        Layer::Namespaces,
        format!("{error}; user namespaces may be turned off here, or the container forbids them"),
    )
}

fn fail_at(place: &str, error: impl std::fmt::Display) -> LayerFailure {
    LayerFailure::new(Layer::Namespaces, format!("{place}: {error}"))
}

fn write(path: &str, text: &str) -> Step {
    fs::write(path, text).map_err(|error| fail_at(path, error))
}

//! The file system of a worker: the interpreter's files read-only, an empty work folder, a few devices, and
//! nothing else. There is no `/proc`, no home, no configuration.

use super::{LaunchPlan, Layer, LayerFailure, Step};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{chdir, pivot_root, sethostname};
use std::fs;
use std::path::{Path, PathBuf};

const NONE: Option<&str> = None;
const DEVICES: [&str; 4] = ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"];
/// Folders that exist on most systems and that a file system may be put over.
const STAGES: [&str; 7] = ["/mnt", "/media", "/srv", "/tmp", "/var/tmp", "/opt", "/run"];

pub(super) fn build(plan: &LaunchPlan) -> Step {
    let stage = stage(&plan.readable)?;
    mount(NONE, "/", NONE, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NONE).map_err(at("/"))?;
    mount(
        Some("tmpfs"),
        &stage,
        Some("tmpfs"),
        MsFlags::MS_NOSUID | MsFlags::MS_NODEV,
        Some("size=1m,mode=0755"),
    )
    .map_err(at("the root"))?;
    for device in DEVICES.iter().map(Path::new).filter(|path| path.exists()) {
        let target = inside(&stage, device);
        make_file(&target)?;
        mount(Some(device), &target, NONE, MsFlags::MS_BIND, NONE).map_err(at("a device"))?;
    }
    let work = stage.join("tmp");
    make_folder(&work)?;
    let size = format!("size={},mode=1777,nr_inodes=4096", plan.work_bytes);
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    mount(Some("tmpfs"), &work, Some("tmpfs"), flags, Some(size.as_str())).map_err(at("the work folder"))?;
    // After the work folder: an interpreter may lie in /tmp.
    for path in &plan.readable {
        show(&stage, path)?;
    }
    let old = stage.join("old");
    make_folder(&old)?;
    chdir(&stage).map_err(at("the root"))?;
    pivot_root(".", "old").map_err(at("the root"))?;
    chdir("/").map_err(at("the root"))?;
    umount2("/old", MntFlags::MNT_DETACH).map_err(at("the old root"))?;
    let _ = fs::remove_dir("/old");
    let sealed =
        MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(NONE, "/", NONE, sealed, NONE).map_err(at("the root"))?;
    sethostname("worker").map_err(at("the host name"))
}

/// A folder to build the new root on: none that holds what must be shown.
fn stage(readable: &[PathBuf]) -> Step<PathBuf> {
    STAGES
        .iter()
        .map(PathBuf::from)
        .find(|stage| stage.is_dir() && !readable.iter().any(|path| path.starts_with(stage)))
        .ok_or_else(|| LayerFailure::new(Layer::Namespaces, "no folder to build the file system on"))
}

/// Shows a file or folder at its own place, read-only. A symbolic link stays one.
fn show(stage: &Path, path: &Path) -> Step {
    let Ok(metadata) = fs::symlink_metadata(path) else { return Ok(()) };
    let target = inside(stage, path);
    if target.symlink_metadata().is_ok() && !metadata.is_dir() {
        return Ok(());
    }
    if metadata.is_symlink() {
        let to = fs::read_link(path).map_err(at(path))?;
        if let Some(parent) = target.parent() {
            make_folder(parent)?;
        }
        return std::os::unix::fs::symlink(to, &target).map_err(at(path));
    }
    if metadata.is_dir() {
        make_folder(&target)?;
    } else {
        make_file(&target)?;
    }
    mount(Some(path), &target, NONE, MsFlags::MS_BIND | MsFlags::MS_REC, NONE).map_err(at(path))?;
    let flags = MsFlags::MS_REMOUNT
        | MsFlags::MS_BIND
        | MsFlags::MS_RDONLY
        | MsFlags::MS_NOSUID
        | MsFlags::MS_NODEV
        | kept(&target);
    mount(NONE, &target, NONE, flags, NONE).map_err(at(path))
}

/// Flags of the mount that a user namespace may not take away.
fn kept(target: &Path) -> MsFlags {
    let mut flags = MsFlags::empty();
    if let Ok(info) = statvfs(target) {
        for (has, keep) in [
            (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
            (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
            (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
            (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
        ] {
            if info.flags().contains(has) {
                flags |= keep;
            }
        }
    }
    flags
}

fn inside(stage: &Path, path: &Path) -> PathBuf {
    stage.join(path.strip_prefix("/").unwrap_or(path))
}

fn make_folder(path: &Path) -> Step {
    fs::create_dir_all(path).map_err(at(path))
}

fn make_file(path: &Path) -> Step {
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    fs::OpenOptions::new().create(true).append(true).open(path).map(drop).map_err(at(path))
}

fn at<E: std::fmt::Display>(place: impl AsRef<Path>) -> impl Fn(E) -> LayerFailure {
    let place = place.as_ref().display().to_string();
    move |error| LayerFailure::new(Layer::Namespaces, format!("{place}: {error}"))
}

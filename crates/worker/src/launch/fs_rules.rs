//! Landlock: what the namespaces leave in sight may be read, the work folder written, and no more. Where
//! namespaces are off, this is what keeps the server's files away.

use super::{LaunchPlan, Layer, LayerFailure, Step};
use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible as _, PathBeneath, PathFd,
    Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetStatus, Scope,
};
use std::path::Path;

/// Rights of Landlock's first version are demanded; later ones are taken where the kernel has them.
pub(super) fn restrict(plan: &LaunchPlan) -> Step {
    let fail = |error: landlock::RulesetError| LayerFailure::new(Layer::Landlock, error);
    let newest = ABI::V6;
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .map_err(fail)?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))
        .map_err(fail)?
        .handle_access(AccessNet::from_all(newest))
        .map_err(fail)?
        .scope(Scope::from_all(newest))
        .map_err(fail)?
        .create()
        .map_err(fail)?;
    let look = AccessFs::ReadFile | AccessFs::ReadDir;
    let mut rules: Vec<(&Path, BitFlags<AccessFs>)> =
        plan.readable.iter().map(|path| (path.as_path(), look)).collect();
    // The interpreter itself, and the loader the kernel starts it with.
    let python = std::fs::canonicalize(&plan.python).unwrap_or_else(|_| plan.python.clone());
    let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1"];
    rules.push((&python, AccessFs::Execute | AccessFs::ReadFile));
    rules.extend(loaders.iter().map(|path| (Path::new(*path), AccessFs::Execute | AccessFs::ReadFile)));
    for device in ["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"] {
        rules.push((Path::new(device), AccessFs::ReadFile | AccessFs::WriteFile));
    }
    if plan.layers.namespaces {
        let work =
            AccessFs::from_all(newest) & !AccessFs::Execute & !AccessFs::MakeChar & !AccessFs::MakeBlock;
        rules.push((Path::new("/tmp"), work));
    }
    for (path, access) in rules {
        let Ok(fd) = PathFd::new(path) else { continue };
        let access = if path.is_dir() { access } else { access & AccessFs::from_file(newest) };
        ruleset = ruleset.add_rule(PathBeneath::new(fd, access)).map_err(fail)?;
    }
    let status = ruleset.restrict_self().map_err(fail)?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(LayerFailure::new(Layer::Landlock, "this kernel has no Landlock, or it is turned off"));
    }
    Ok(())
}

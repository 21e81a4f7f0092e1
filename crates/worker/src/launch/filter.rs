//! The system calls a Python interpreter needs. Everything else answers "not permitted": no sockets to the
//! network, no new processes, no tracing, no mounts, no kernel interfaces.

use super::{Layer, LayerFailure, Step};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition as Condition,
    SeccompFilter, SeccompRule, TargetArch,
};
use std::collections::BTreeMap;

/// `CLONE_THREAD`: a clone with it is a thread of the same process.
const CLONE_THREAD: u64 = 0x0001_0000;
/// `AF_UNIX`, for the pair of sockets that wakes an event loop.
const AF_UNIX: u64 = 1;
/// Terminal queries, close-on-exec, non-blocking, bytes waiting.
const IOCTLS: [u64; 6] = [0x5401, 0x5413, 0x5450, 0x5451, 0x5421, 0x541B];
/// `PR_SET_NAME`, `PR_GET_NAME`.
const PRCTLS: [u64; 2] = [15, 16];

pub(super) fn install() -> Step {
    let arch: TargetArch = std::env::consts::ARCH
        .try_into()
        .map_err(|_| fail(format!("no filter for {}", std::env::consts::ARCH)))?;
    // A new clone3 hides its flags behind a pointer: answering "no such call" makes the C library use clone.
    let absent = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_clone3, vec![])]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        arch,
    )
    .map_err(fail)?;
    let allowed =
        SeccompFilter::new(rules()?, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow, arch)
            .map_err(fail)?;
    for filter in [absent, allowed] {
        let program: BpfProgram = filter.try_into().map_err(fail)?;
        seccompiler::apply_filter(&program).map_err(fail)?;
    }
    Ok(())
}

fn fail(error: impl std::fmt::Display) -> LayerFailure {
    LayerFailure::new(Layer::Seccomp, error)
}

fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, LayerFailure> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = CALLS.iter().map(|call| (*call, Vec::new())).collect();
    rules.extend(OLD_CALLS.iter().map(|call| (*call, Vec::new())));
    let me = u64::from(std::process::id());
    rules.insert(libc::SYS_clone, vec![rule(0, Len::Qword, Op::MaskedEq(CLONE_THREAD), CLONE_THREAD)?]);
    rules.insert(libc::SYS_socketpair, vec![rule(0, Len::Dword, Op::Eq, AF_UNIX)?]);
    // Signals reach the process itself only.
    for call in [libc::SYS_kill, libc::SYS_tgkill] {
        rules.insert(call, vec![rule(0, Len::Dword, Op::Eq, me)?]);
    }
    let any = |argument, values: &[u64]| {
        values.iter().map(|value| rule(argument, Len::Dword, Op::Eq, *value)).collect::<Result<Vec<_>, _>>()
    };
    rules.insert(libc::SYS_ioctl, any(1, &IOCTLS)?);
    rules.insert(libc::SYS_prctl, any(0, &PRCTLS)?);
    // Limits can be read, not moved: the new limit must be null.
    rules.insert(libc::SYS_prlimit64, vec![rule(2, Len::Qword, Op::Eq, 0)?]);
    Ok(rules)
}

fn rule(argument: u8, length: Len, op: Op, value: u64) -> Result<SeccompRule, LayerFailure> {
    let condition = Condition::new(argument, length, op, value).map_err(fail)?;
    SeccompRule::new(vec![condition]).map_err(fail)
}

/// Calls without conditions that every architecture has.
const CALLS: &[i64] = &[
    // memory
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mincore,
    // files
    libc::SYS_openat,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_preadv,
    libc::SYS_pwritev,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_chdir,
    libc::SYS_mkdirat,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_symlinkat,
    libc::SYS_ftruncate,
    libc::SYS_truncate,
    libc::SYS_fallocate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_flock,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    libc::SYS_utimensat,
    libc::SYS_umask,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_copy_file_range,
    libc::SYS_sendfile,
    libc::SYS_fadvise64,
    libc::SYS_memfd_create,
    // waiting
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
    libc::SYS_eventfd2,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_futex,
    // the pair of sockets that wakes an event loop
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_shutdown,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_getsockname,
    libc::SYS_getpeername,
    // the process itself
    libc::SYS_execve,
    // Answered by the other filter, whose refusal counts.
    libc::SYS_clone3,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_wait4,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_getgroups,
    libc::SYS_getresuid,
    libc::SYS_getresgid,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_get_robust_list,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_rt_sigtimedwait,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_getrusage,
    libc::SYS_getrandom,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_times,
    // clocks
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
];

/// Older names that only this architecture has.
#[cfg(target_arch = "x86_64")]
const OLD_CALLS: &[i64] = &[
    libc::SYS_arch_prctl,
    libc::SYS_access,
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_readlink,
    libc::SYS_unlink,
    libc::SYS_mkdir,
    libc::SYS_rmdir,
    libc::SYS_rename,
    libc::SYS_renameat,
    libc::SYS_symlink,
    libc::SYS_link,
    libc::SYS_chmod,
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_epoll_wait,
    libc::SYS_epoll_create,
    libc::SYS_eventfd,
    libc::SYS_getdents,
    libc::SYS_time,
    libc::SYS_getpgrp,
];

#[cfg(not(target_arch = "x86_64"))]
const OLD_CALLS: &[i64] = &[];

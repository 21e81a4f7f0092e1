//! What one program may use: steps, memory, time, stack.
//!
//! A jq program of a few characters can fill any memory and never end (`[repeat(.)]`, a text that is doubled
//! forty times, a value that contains itself twice forty times). Every value a program makes passes here; what
//! would go over a bound unwinds to [`metered`], from wherever the interpreter stands.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// What one program may use.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Values made and looked at, and calls: a few for each step of a program.
    pub steps: u64,
    /// Memory of all values that are alive at one time.
    pub bytes: usize,
    /// Time from start to end.
    pub time: Duration,
    /// Stack of a program that calls itself.
    pub stack_bytes: usize,
    /// Most results.
    pub results: usize,
    /// Longest text. Functions of the library may make one six times as long before it is counted.
    pub text_bytes: usize,
}

impl Bounds {
    /// The bounds of a program in a flow. The threads that run programs have a third more stack
    /// ([`crate::heavy::STACK_BYTES`]).
    pub const OF_FLOWS: Self = Self {
        steps: 200_000_000,
        bytes: 128 << 20,
        time: Duration::from_secs(10),
        stack_bytes: crate::heavy::STACK_BYTES / 4 * 3,
        results: 100_000,
        text_bytes: 16 << 20,
    };
}

/// Lists and objects inside of each other.
pub const MAX_DEPTH: u32 = 256;

/// A bound that a program went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    Steps,
    Memory,
    Time,
    Depth,
    Text,
}

impl Exceeded {
    /// What is told to the author of the program.
    pub fn sentence(self, bounds: &Bounds) -> String {
        match self {
            Self::Steps => format!("the program takes more than {} steps", bounds.steps),
            Self::Memory => format!("the program needs more than {} MB of memory", bounds.bytes >> 20),
            Self::Time => format!("the program takes longer than {} s", bounds.time.as_secs()),
            Self::Depth => "the program nests values or calls too deeply".to_owned(),
            Self::Text => format!("the program makes a text of more than {} MB", bounds.text_bytes >> 20),
        }
    }
}

struct Meter {
    bounds: Cell<Bounds>,
    steps: Cell<u64>,
    bytes: Cell<usize>,
    ends: Cell<Option<Instant>>,
    /// Address on the stack where the program began.
    stack: Cell<usize>,
}

thread_local! {
    static METER: Meter = const {
        Meter {
            bounds: Cell::new(Bounds::OF_FLOWS),
            steps: Cell::new(0),
            bytes: Cell::new(0),
            ends: Cell::new(None),
            stack: Cell::new(0),
        }
    };
}

/// How often the clock is read, in steps.
const CLOCK_STEPS: u64 = 1024;

/// Runs `work` under the bounds. `None` says that the interpreter itself broke.
pub fn metered<T>(bounds: &Bounds, work: impl FnOnce() -> T) -> Result<T, Option<Exceeded>> {
    METER.with(|meter| {
        meter.bounds.set(*bounds);
        meter.steps.set(0);
        meter.bytes.set(0);
        meter.ends.set(Instant::now().checked_add(bounds.time));
        meter.stack.set(address());
    });
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|thrown: Box<dyn Any + Send>| thrown.downcast_ref::<Exceeded>().copied())
}

/// Leaves the program.
pub fn exceed(bound: Exceeded) -> ! {
    resume_unwind(Box::new(bound))
}

/// About where the stack ends now.
fn address() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

/// Counts work.
pub fn step(steps: usize) {
    METER.with(|meter| {
        let before = meter.steps.get();
        let now = before.saturating_add(steps as u64);
        meter.steps.set(now);
        let bounds = meter.bounds.get();
        if now > bounds.steps {
            exceed(Exceeded::Steps);
        }
        if meter.stack.get().abs_diff(address()) > bounds.stack_bytes {
            exceed(Exceeded::Depth);
        }
        if now / CLOCK_STEPS != before / CLOCK_STEPS
            && meter.ends.get().is_some_and(|end| Instant::now() > end)
        {
            exceed(Exceeded::Time);
        }
    });
}

/// Counts memory that comes to life.
pub fn take(bytes: usize) {
    METER.with(|meter| {
        let now = meter.bytes.get().saturating_add(bytes);
        if now > meter.bounds.get().bytes {
            exceed(Exceeded::Memory);
        }
        meter.bytes.set(now);
    });
}

/// Counts memory that is free again.
pub fn give(bytes: usize) {
    METER.with(|meter| meter.bytes.set(meter.bytes.get().saturating_sub(bytes)));
}

/// Refuses memory that is not there, before it is used.
pub fn reserve(bytes: usize) {
    take(bytes);
    give(bytes);
}

/// Refuses a text of `bytes` that is too long.
pub fn check_text(bytes: usize) {
    if bytes > longest_text() {
        exceed(Exceeded::Text);
    }
}

/// Bytes of the longest text of the program that runs.
pub fn longest_text() -> usize {
    METER.with(|meter| meter.bounds.get().text_bytes)
}

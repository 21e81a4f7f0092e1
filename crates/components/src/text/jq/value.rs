//! Values of a program, each with what it weighs.
//!
//! The value itself is `jaq_json`'s. What it weighs (memory and depth, shared parts counted each time) is known
//! without walking through it, and counted for as long as it lives.

use super::meter::{Exceeded, MAX_DEPTH, check_text, exceed, give, longest_text, reserve, step, take};
use jaq_json::{Map, Num, Rc, Val};
use langflow_core::Json;
use std::fmt::{self, Write as _};

/// A value inside of another, a text's head included.
const NODE: usize = 48;
/// A value in the hands of the interpreter.
const SLOT: usize = 64;
/// An entry of an object, besides its key and value.
const ENTRY: usize = 32;
/// Error messages show no more of a value.
const SHOWN: usize = 300;

/// Error of a program.
pub type Error = jaq_core::Error<Bounded>;
/// A value or an error.
pub type Result<T = Bounded> = std::result::Result<T, Error>;

/// A value that is counted.
#[derive(Clone, Debug, Default)]
pub struct Bounded {
    pub val: Val,
    held: Option<Rc<Hold>>,
    _slot: Slot,
}

/// Memory and depth of a value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Weight {
    pub bytes: usize,
    pub depth: u32,
}

impl Weight {
    /// Steps that it takes to walk through the value once.
    pub fn steps(self) -> usize {
        self.bytes / NODE
    }
}

/// Memory of a value while it lives.
#[derive(Debug, Default)]
struct Hold(Weight);

impl Hold {
    fn of(weight: Weight) -> Self {
        take(weight.bytes);
        Self(weight)
    }

    fn grow(&mut self, bytes: usize, depth: u32) {
        take(bytes);
        self.0.bytes += bytes;
        self.0.depth = self.0.depth.max(depth);
        if self.0.depth > MAX_DEPTH {
            exceed(Exceeded::Depth);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        give(self.0.bytes);
    }
}

/// One value in the hands of the interpreter.
#[derive(Debug)]
struct Slot;

impl Slot {
    /// Counts the value.
    fn new() -> Self {
        step(1);
        take(SLOT);
        Self
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

impl Clone for Slot {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        give(SLOT);
    }
}

/// Weighs by walking through.
fn weigh(val: &Val, depth: u32) -> Weight {
    if depth > MAX_DEPTH {
        exceed(Exceeded::Depth);
    }
    let mut bytes = NODE;
    let mut below = 0;
    let mut add = |part: &Val| {
        let part = weigh(part, depth + 1);
        bytes += part.bytes;
        below = below.max(part.depth + 1);
    };
    match val {
        Val::Null | Val::Bool(_) => {}
        Val::Num(number) => return Weight { bytes: NODE + digits(number), depth: 0 },
        Val::BStr(text) | Val::TStr(text) => {
            check_text(text.len());
            return Weight { bytes: NODE + text.len(), depth: 0 };
        }
        Val::Arr(items) => items.iter().for_each(add),
        Val::Obj(map) => {
            for (key, value) in map.iter() {
                add(key);
                add(value);
            }
            bytes += map.len() * ENTRY;
        }
    }
    Weight { bytes, depth: below }
}

/// Memory of a number beyond what every value has.
fn digits(number: &Num) -> usize {
    match number {
        Num::BigInt(number) => usize::try_from(number.bits() / 8).unwrap_or(usize::MAX),
        Num::Dec(text) => text.len(),
        Num::Int(_) | Num::Float(_) => 0,
    }
}

impl Bounded {
    /// Counts a value that is new here.
    pub fn new(val: Val) -> Self {
        let weight = weigh(&val, 0);
        step(weight.steps());
        Self::weighed(val, weight)
    }

    /// A value whose weight is known.
    pub fn weighed(val: Val, weight: Weight) -> Self {
        if weight.depth > MAX_DEPTH {
            exceed(Exceeded::Depth);
        }
        let is_plain = matches!(val, Val::Null | Val::Bool(_) | Val::Num(Num::Int(_) | Num::Float(_)));
        let held = (!is_plain).then(|| Rc::new(Hold::of(weight)));
        Self { val, held, _slot: Slot::new() }
    }

    /// A text of its own.
    pub fn text(text: String) -> Self {
        Self::new(Val::from(text))
    }

    /// Whether the value has parts in an order: a list or a text.
    pub fn is_sequence(&self) -> bool {
        matches!(self.val, Val::Arr(_) | Val::TStr(_) | Val::BStr(_))
    }

    pub fn weight(&self) -> Weight {
        self.held.as_ref().map_or(Weight { bytes: NODE, depth: 0 }, |held| held.0)
    }

    /// The bytes of a text of either kind.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.val {
            Val::BStr(text) | Val::TStr(text) => Some(text),
            _ => None,
        }
    }

    /// The text, what is not UTF-8 replaced.
    pub fn str(&self) -> Result<std::borrow::Cow<'_, str>> {
        match &self.val {
            Val::TStr(text) => {
                step(text.len() / NODE);
                Ok(String::from_utf8_lossy(text))
            }
            _ => Err(Error::typ(self.clone(), "string")),
        }
    }

    /// The value as JSON text.
    pub fn json_text(&self) -> String {
        // Measured before it is written: a text may be six times as long in JSON.
        let mut length = Length { bytes: 0, longest: longest_text() };
        let _ = write!(length, "{}", self.val);
        step(length.bytes / NODE);
        check_text(length.bytes);
        reserve(length.bytes);
        self.val.to_string()
    }

    pub fn from_json(json: &Json) -> Self {
        Self::new(to_val(json, 0))
    }

    pub fn to_json(&self) -> Json {
        to_json(&self.val)
    }
}

/// Length of what is written, without keeping it.
struct Length {
    bytes: usize,
    longest: usize,
}

impl fmt::Write for Length {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes += text.len();
        if self.bytes > self.longest { Err(fmt::Error) } else { Ok(()) }
    }
}

/// The first part of what is written.
struct Shown(String);

impl fmt::Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.0.len() >= SHOWN {
                self.0.push('…');
                return Err(fmt::Error);
            }
            self.0.push(c);
        }
        Ok(())
    }
}

/// For error messages: long values are cut.
impl fmt::Display for Bounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = Shown(String::new());
        let _ = write!(shown, "{}", self.val);
        f.write_str(&shown.0)
    }
}

fn to_val(json: &Json, depth: u32) -> Val {
    if depth > MAX_DEPTH {
        exceed(Exceeded::Depth);
    }
    match json {
        Json::Null => Val::Null,
        Json::Bool(is) => Val::Bool(*is),
        Json::Number(number) => {
            let int = number.as_i64().and_then(|n| isize::try_from(n).ok()).map(Val::from);
            let big = || number.as_u64().and_then(|n| usize::try_from(n).ok()).map(Val::from);
            int.or_else(big).unwrap_or_else(|| number.as_f64().map_or(Val::Null, Val::from))
        }
        Json::String(text) => Val::from(text.clone()),
        Json::Array(items) => Val::Arr(Rc::new(items.iter().map(|item| to_val(item, depth + 1)).collect())),
        Json::Object(map) => {
            let entry = |(key, value): (&String, &Json)| (Val::from(key.clone()), to_val(value, depth + 1));
            Val::obj(map.iter().map(entry).collect())
        }
    }
}

/// Numbers that JSON does not have (NaN, infinity) are null.
fn to_json(val: &Val) -> Json {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match val {
        Val::Null => Json::Null,
        Val::Bool(is) => Json::Bool(*is),
        Val::Num(Num::Int(number)) => Json::from(*number as i64),
        Val::Num(Num::Float(number)) => Json::from(*number),
        Val::Num(number) => serde_json::from_str(&number.to_string()).unwrap_or(Json::Null),
        Val::BStr(bytes) | Val::TStr(bytes) => Json::String(text(bytes)),
        Val::Arr(items) => items.iter().map(to_json).collect(),
        Val::Obj(map) => Json::Object(
            map.iter()
                .map(|(key, value)| {
                    let key = match key {
                        Val::BStr(bytes) | Val::TStr(bytes) => text(bytes),
                        other => other.to_string(),
                    };
                    (key, to_json(value))
                })
                .collect(),
        ),
    }
}

/// A list that grows.
#[derive(Default)]
pub struct List {
    items: Vec<Val>,
    hold: Hold,
}

impl List {
    pub fn push(&mut self, item: Bounded) {
        let weight = item.weight();
        self.hold.grow(weight.bytes, weight.depth + 1);
        self.items.push(item.val);
    }

    pub fn finish(mut self) -> Bounded {
        self.hold.grow(NODE, 0);
        Bounded { val: Val::Arr(Rc::new(self.items)), held: Some(Rc::new(self.hold)), _slot: Slot::new() }
    }
}

/// An object that grows.
#[derive(Default)]
pub struct Object {
    map: Map,
    hold: Hold,
}

impl Object {
    pub fn insert(&mut self, key: Bounded, value: Bounded) {
        let (k, v) = (key.weight(), value.weight());
        self.hold.grow(k.bytes + v.bytes + ENTRY, k.depth.max(v.depth) + 1);
        self.map.insert(key.val, value.val);
    }

    pub fn finish(mut self) -> Bounded {
        self.hold.grow(NODE, 0);
        Bounded { val: Val::obj(self.map), held: Some(Rc::new(self.hold)), _slot: Slot::new() }
    }
}

/// What an object of weight `whole` weighs once `new` stands at a key instead of `old`.
pub fn replaced(whole: Weight, key: Weight, old: Option<Weight>, new: Weight) -> Weight {
    let before = old.map_or(0, |old| old.bytes);
    let entry = if old.is_some() { 0 } else { key.bytes + ENTRY };
    Weight {
        bytes: whole.bytes.saturating_sub(before).saturating_add(entry).saturating_add(new.bytes),
        depth: whole.depth.max(new.depth + 1).max(key.depth + 1),
    }
}

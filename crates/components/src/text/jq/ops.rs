//! What the interpreter does with values: arithmetic, order, access, change.

use super::meter::Exceeded;
use super::meter::{check_text, exceed, reserve, step};
use super::value::{Bounded, Error, List, Object, Result, Weight, replaced};
use jaq_core::ops::Math;
use jaq_core::path::Opt;
use jaq_core::{Exn, val};
use jaq_json::{Num, Rc, Val};
use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// A value or an exception of the interpreter.
type ValX<'a> = jaq_core::ValX<'a, Bounded>;

impl From<bool> for Bounded {
    fn from(is: bool) -> Self {
        Self::new(Val::from(is))
    }
}

impl From<isize> for Bounded {
    fn from(number: isize) -> Self {
        Self::new(Val::from(number))
    }
}

impl From<usize> for Bounded {
    fn from(number: usize) -> Self {
        Self::new(Val::from(number))
    }
}

impl From<f64> for Bounded {
    fn from(number: f64) -> Self {
        Self::new(Val::from(number))
    }
}

impl From<String> for Bounded {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<val::Range<Self>> for Bounded {
    fn from(range: val::Range<Self>) -> Self {
        let mut object = Object::default();
        for (name, bound) in [("start", range.start), ("end", range.end)] {
            if let Some(bound) = bound {
                object.insert(Self::text(name.to_owned()), bound);
            }
        }
        object.finish()
    }
}

impl FromIterator<Self> for Bounded {
    fn from_iter<T: IntoIterator<Item = Self>>(items: T) -> Self {
        let mut list = List::default();
        items.into_iter().for_each(|item| list.push(item));
        list.finish()
    }
}

/// Comparing takes no longer than walking through the smaller of two values.
fn step_pair(a: &Bounded, b: &Bounded) {
    step(1 + a.weight().steps().min(b.weight().steps()));
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Self) -> bool {
        step_pair(self, other);
        self.val == other.val
    }
}

impl Eq for Bounded {}

impl PartialOrd for Bounded {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bounded {
    fn cmp(&self, other: &Self) -> Ordering {
        step_pair(self, other);
        self.val.cmp(&other.val)
    }
}

fn is_number(value: &Bounded) -> bool {
    matches!(value.val, Val::Num(_))
}

/// Arithmetic of two numbers; numbers of many digits have the bound of texts.
fn numbers(l: Bounded, math: Math, r: Bounded) -> Result {
    step((l.weight().bytes + r.weight().bytes) / 8);
    // Long numbers take long to multiply and to write.
    if l.weight().bytes.saturating_add(r.weight().bytes) > MAX_DIGIT_BYTES {
        exceed(Exceeded::Text);
    }
    let (a, b) = (l.val.clone(), r.val.clone());
    let result = match math {
        Math::Add => a + b,
        Math::Sub => a - b,
        Math::Mul => a * b,
        Math::Div => a / b,
        Math::Rem => a % b,
    };
    result.map(Bounded::new).map_err(|_| Error::math(l, math, r))
}

/// Most bytes of two whole numbers that are reckoned with.
const MAX_DIGIT_BYTES: usize = 8 << 10;

/// The weight of two values in one.
fn both(l: &Bounded, r: &Bounded) -> Weight {
    let (l, r) = (l.weight(), r.weight());
    Weight { bytes: l.bytes.saturating_add(r.bytes), depth: l.depth.max(r.depth) }
}

impl Add for Bounded {
    type Output = Result;

    fn add(self, rhs: Self) -> Result {
        let weight = match (&self.val, &rhs.val) {
            (Val::Null, _) => return Ok(rhs),
            (_, Val::Null) => return Ok(self),
            (Val::Num(_), Val::Num(_)) => return numbers(self, Math::Add, rhs),
            (Val::TStr(l), Val::TStr(r)) | (Val::BStr(l), Val::BStr(r)) => {
                check_text(l.len() + r.len());
                both(&self, &rhs)
            }
            (Val::Arr(_), Val::Arr(_)) => both(&self, &rhs),
            (Val::Obj(l), Val::Obj(r)) => {
                // What is replaced no longer counts.
                r.iter().fold(self.weight(), |whole, (key, new)| {
                    let part = |val: &Val| Bounded::new(val.clone()).weight();
                    replaced(whole, part(key), l.get(key).map(part), part(new))
                })
            }
            _ => return Err(Error::math(self, Math::Add, rhs)),
        };
        step(rhs.weight().steps());
        reserve(weight.bytes);
        let sum = (self.val + rhs.val).map_err(foreign)?;
        Ok(Bounded::weighed(sum, weight))
    }
}

/// An error of an operation that was checked before: it says no more than that.
fn foreign(_: jaq_json::Error) -> Error {
    Error::str("cannot calculate this")
}

impl Sub for Bounded {
    type Output = Result;

    fn sub(self, rhs: Self) -> Result {
        match (&self.val, &rhs.val) {
            (Val::Num(_), Val::Num(_)) => numbers(self, Math::Sub, rhs),
            (Val::Arr(_), Val::Arr(_)) => {
                // Each item is looked up in a sorted set.
                step(both(&self, &rhs).steps().saturating_mul(SORT_STEPS));
                reserve(self.weight().bytes);
                (self.val - rhs.val).map(Bounded::new).map_err(foreign)
            }
            _ => Err(Error::math(self, Math::Sub, rhs)),
        }
    }
}

/// Comparisons of an item in a sorted set, at most.
const SORT_STEPS: usize = 20;

impl Mul for Bounded {
    type Output = Result;

    fn mul(self, rhs: Self) -> Result {
        match (&self.val, &rhs.val) {
            (Val::Num(_), Val::Num(_)) => numbers(self, Math::Mul, rhs),
            (Val::TStr(text) | Val::BStr(text), Val::Num(times))
            | (Val::Num(times), Val::TStr(text) | Val::BStr(text)) => {
                let times = match times {
                    Num::Int(times) => usize::try_from(*times).unwrap_or(0),
                    Num::Float(times) => *times as usize,
                    Num::BigInt(_) | Num::Dec(_) => usize::MAX,
                };
                let length = text.len().saturating_mul(times);
                check_text(length);
                step(length / 64);
                reserve(length);
                (self.val.clone() * rhs.val.clone())
                    .map(Bounded::new)
                    .map_err(|_| Error::math(self, Math::Mul, rhs))
            }
            (Val::Obj(_), Val::Obj(_)) => {
                let weight = both(&self, &rhs);
                step(weight.steps());
                reserve(weight.bytes);
                (self.val * rhs.val).map(Bounded::new).map_err(foreign)
            }
            _ => Err(Error::math(self, Math::Mul, rhs)),
        }
    }
}

impl Div for Bounded {
    type Output = Result;

    fn div(self, rhs: Self) -> Result {
        match (&self.val, &rhs.val) {
            (Val::Num(_), Val::Num(_)) => numbers(self, Math::Div, rhs),
            (Val::TStr(_), Val::TStr(_)) => {
                let (text, separator) = (self.str()?, rhs.str()?);
                let piece = |piece: &str| Bounded::text(piece.to_owned());
                Ok(if text.is_empty() {
                    List::default().finish()
                } else if separator.is_empty() {
                    text.chars().map(|c| Bounded::text(c.into())).collect()
                } else {
                    text.split(&*separator).map(piece).collect()
                })
            }
            _ => Err(Error::math(self, Math::Div, rhs)),
        }
    }
}

impl Rem for Bounded {
    type Output = Result;

    fn rem(self, rhs: Self) -> Result {
        if is_number(&self) && is_number(&rhs) {
            return numbers(self, Math::Rem, rhs);
        }
        Err(Error::math(self, Math::Rem, rhs))
    }
}

impl Neg for Bounded {
    type Output = Result;

    fn neg(self) -> Result {
        if !is_number(&self) {
            return Err(Error::typ(self, "number"));
        }
        (-self.val).map(Bounded::new).map_err(foreign)
    }
}

type Boxed<T> = Box<dyn Iterator<Item = T>>;

/// Where a range begins in a list of `len`, and how many it takes.
fn bounds(range: val::Range<&Bounded>, len: usize) -> Result<(usize, usize)> {
    let bound = |bound: Option<&Bounded>, otherwise: usize| -> Result<usize> {
        match bound {
            None => Ok(otherwise),
            Some(value) if matches!(value.val, Val::Null) => Ok(otherwise),
            Some(value) => {
                let at = jaq_std::ValT::as_isize(&value.val)
                    .ok_or_else(|| Error::typ(value.clone(), "integer"))?;
                let from_end = || len.saturating_sub(at.unsigned_abs());
                Ok(usize::try_from(at).unwrap_or_else(|_| from_end()).min(len))
            }
        }
    };
    let (from, to) = (bound(range.start, 0)?, bound(range.end, len)?);
    Ok((from, to.saturating_sub(from)))
}

/// The place of an index in a list of `len`.
fn place(at: isize, len: usize) -> Option<usize> {
    let place = usize::try_from(at).ok().or_else(|| len.checked_sub(at.unsigned_abs()))?;
    (place < len).then_some(place)
}

/// The bounds in an object `{"start": …, "end": …}`.
fn range_of(index: &Bounded) -> Option<(Option<Bounded>, Option<Bounded>)> {
    let Val::Obj(map) = &index.val else { return None };
    let bound = |name: &str| map.get(&Val::from(name.to_owned())).map(|val| Bounded::new(val.clone()));
    Some((bound("start"), bound("end")))
}

/// Owns the items; a list that others use too is copied, and the copy counted while it is needed.
fn own<T: Clone>(shared: Rc<T>, weight: Weight) -> T {
    Rc::try_unwrap(shared).unwrap_or_else(|shared| {
        reserve(weight.bytes);
        step(weight.steps());
        T::clone(&shared)
    })
}

impl jaq_core::ValT for Bounded {
    fn from_num(text: &str) -> Result {
        <Val as jaq_core::ValT>::from_num(text).map(Self::new).map_err(foreign)
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(entries: I) -> Result {
        let mut object = Object::default();
        entries.into_iter().for_each(|(key, value)| object.insert(key, value));
        Ok(object.finish())
    }

    fn key_values(self) -> Boxed<Result<(Self, Self)>> {
        match self.val.clone() {
            Val::Arr(items) => Box::new((0..items.len()).map_while(move |at| {
                // Holds the whole, which is counted, and not a copy.
                let _whole = &self;
                items.get(at).map(|item| Ok((Self::from(at), Self::new(item.clone()))))
            })),
            Val::Obj(map) => Box::new((0..map.len()).map_while(move |at| {
                let _whole = &self;
                map.get_index(at).map(|(key, value)| Ok((Self::new(key.clone()), Self::new(value.clone()))))
            })),
            _ => Box::new(std::iter::once(Err(Error::typ(self, "iterable (array or object)")))),
        }
    }

    fn values(self) -> Boxed<Result> {
        Box::new(self.key_values().map(|entry| entry.map(|(_, value)| value)))
    }

    fn index(self, index: &Self) -> Result {
        if self.is_sequence()
            && let Some((start, end)) = range_of(index)
        {
            return self.range(start.as_ref()..end.as_ref());
        }
        let found = match (&self.val, &index.val) {
            (Val::Null, _) => None,
            (Val::Obj(map), key) => map.get(key).cloned(),
            (Val::Arr(items), Val::Num(_)) => {
                let at = jaq_std::ValT::as_isize(&index.val);
                at.and_then(|at| place(at, items.len())).and_then(|at| items.get(at)).cloned()
            }
            (Val::Arr(_), Val::Arr(_)) => return super::natives::indices(&self, index),
            _ => return Err(Error::index(self, index.clone())),
        };
        Ok(found.map(Self::new).unwrap_or_default())
    }

    fn range(self, range: val::Range<&Self>) -> Result {
        match &self.val {
            Val::Arr(items) => {
                let (skip, count) = bounds(range, items.len())?;
                Ok(items.iter().skip(skip).take(count).map(|item| Self::new(item.clone())).collect())
            }
            Val::TStr(_) => {
                let text = self.str()?;
                let (skip, count) = bounds(range, text.chars().count())?;
                Ok(Self::text(text.chars().skip(skip).take(count).collect()))
            }
            _ => Err(Error::typ(self, "rangeable (array or string)")),
        }
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a>>>(self, opt: Opt, f: impl Fn(Self) -> I) -> ValX<'a> {
        let weight = self.weight();
        match self.val {
            Val::Arr(items) => {
                let mut list = List::default();
                for item in own(items, weight) {
                    for made in f(Self::new(item)) {
                        list.push(made?);
                    }
                }
                Ok(list.finish())
            }
            Val::Obj(map) => {
                let mut object = Object::default();
                for (key, value) in own(map, weight) {
                    if let Some(made) = f(Self::new(value)).next() {
                        object.insert(Self::new(key), made?);
                    }
                }
                Ok(object.finish())
            }
            _ => opt.fail(self, |value| Exn::from(Error::typ(value, "iterable (array or object)"))),
        }
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a>>>(
        self,
        index: &Self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a> {
        if self.is_sequence()
            && let Some((start, end)) = range_of(index)
        {
            return self.map_range(start.as_ref()..end.as_ref(), opt, f);
        }
        let weight = self.weight();
        match self.val {
            Val::Obj(map) => {
                let mut map = own(map, weight);
                let old = map.get_mut(&index.val).map(std::mem::take).map(Self::new);
                let before = old.as_ref().map(Self::weight);
                let weight = match f(old.unwrap_or_default()).next().transpose()? {
                    Some(new) => {
                        let weight = replaced(weight, index.weight(), before, new.weight());
                        map.insert(index.val.clone(), new.val);
                        weight
                    }
                    None => {
                        map.swap_remove(&index.val);
                        weight
                    }
                };
                Ok(Self::weighed(Val::obj(map), weight))
            }
            Val::Arr(items) => {
                let at = jaq_std::ValT::as_isize(&index.val).and_then(|at| place(at, items.len()));
                let Some(at) = at else {
                    let value = Self::weighed(Val::Arr(items), weight);
                    return opt
                        .fail(value, |_| Exn::from(Error::str(format_args!("index {index} out of bounds"))));
                };
                let mut items = own(items, weight);
                let old = items.get_mut(at).map(std::mem::take).map(Self::new).unwrap_or_default();
                let before = Some(old.weight());
                let weight = if let Some(new) = f(old).next().transpose()? {
                    let weight = replaced(weight, Weight::default(), before, new.weight());
                    if let Some(place) = items.get_mut(at) {
                        *place = new.val;
                    }
                    weight
                } else {
                    items.remove(at);
                    weight
                };
                Ok(Self::weighed(Val::Arr(Rc::new(items)), weight))
            }
            _ => opt.fail(self, |value| Exn::from(Error::typ(value, "iterable (array or object)"))),
        }
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a>>>(
        self,
        range: val::Range<&Self>,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a> {
        match &self.val {
            Val::Arr(items) => {
                let (skip, count) = match bounds(range, items.len()) {
                    Ok(bounds) => bounds,
                    Err(error) => return opt.fail(self.clone(), |_| Exn::from(error)),
                };
                let part = |skip: usize, count: usize| {
                    items.iter().skip(skip).take(count).map(|item| Self::new(item.clone()))
                };
                let new = f(part(skip, count).collect()).next().transpose()?;
                let new = new.unwrap_or_else(|| List::default().finish());
                let Val::Arr(new) = &new.val else {
                    return Err(Exn::from(Error::typ(new.clone(), "array")));
                };
                let middle = new.iter().map(|item| Self::new(item.clone()));
                Ok(part(0, skip).chain(middle).chain(part(skip + count, usize::MAX)).collect())
            }
            Val::TStr(_) => {
                let text = self.str()?;
                let (skip, count) = match bounds(range, text.chars().count()) {
                    Ok(bounds) => bounds,
                    Err(error) => return opt.fail(self.clone(), |_| Exn::from(error)),
                };
                let part = |skip: usize, count: usize| text.chars().skip(skip).take(count);
                let new = f(Self::text(part(skip, count).collect())).next().transpose()?;
                let new = new.unwrap_or_else(|| Self::text(String::new()));
                let new = new.str()?;
                let whole = part(0, skip).chain(new.chars()).chain(part(skip + count, usize::MAX));
                Ok(Self::text(whole.collect()))
            }
            _ => opt.fail(self, |value| Exn::from(Error::typ(value, "array"))),
        }
    }

    fn as_bool(&self) -> bool {
        !matches!(self.val, Val::Null | Val::Bool(false))
    }

    fn into_string(self) -> Self {
        match &self.val {
            Val::TStr(_) => self,
            _ => Self::text(self.json_text()),
        }
    }
}

impl jaq_std::ValT for Bounded {
    fn into_seq<S: FromIterator<Self>>(self) -> std::result::Result<S, Self> {
        match &self.val {
            Val::Arr(items) => Ok(items.iter().map(|item| Self::new(item.clone())).collect()),
            _ => Err(self),
        }
    }

    fn is_int(&self) -> bool {
        jaq_std::ValT::is_int(&self.val)
    }

    fn as_isize(&self) -> Option<isize> {
        jaq_std::ValT::as_isize(&self.val)
    }

    fn as_f64(&self) -> Option<f64> {
        jaq_std::ValT::as_f64(&self.val)
    }

    fn is_utf8_str(&self) -> bool {
        matches!(self.val, Val::TStr(_))
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        // Who asks for them will read them.
        step(self.weight().steps());
        self.bytes()
    }

    /// A copy: a part that shared its memory would keep the whole text alive.
    fn as_sub_str(&self, part: &[u8]) -> Self {
        let copy = part.to_vec();
        match self.val {
            Val::BStr(_) => Self::new(Val::byte_str(copy)),
            _ => Self::new(Val::utf8_str(copy)),
        }
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self::new(<Val as jaq_std::ValT>::from_utf8_bytes(bytes))
    }
}

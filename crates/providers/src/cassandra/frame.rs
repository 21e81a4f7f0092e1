//! Frames of the binary protocol, version 4: a head of nine bytes and a body of numbers, texts and bytes, all with the
//! highest byte first.

use super::SERVICE;
use langflow_core::Fault;

/// The version of the protocol.
const VERSION: u8 = 4;
/// The bit of the version that answers have.
const IS_ANSWER: u8 = 0x80;
pub const HEAD_BYTES: usize = 9;
/// A body is never larger.
pub const BODY_BYTES: usize = 256 * 1024 * 1024;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    Startup = 0x01,
    Query = 0x07,
    AuthResponse = 0x0F,
}

/// The body of a request.
#[derive(Debug, Default)]
pub struct Body(Vec<u8>);

impl Body {
    pub fn byte(&mut self, number: u8) {
        self.0.push(number);
    }

    pub fn short(&mut self, number: u16) {
        self.0.extend(number.to_be_bytes());
    }

    pub fn int(&mut self, number: i32) {
        self.0.extend(number.to_be_bytes());
    }

    /// Texts of the program.
    pub fn text(&mut self, text: &'static str) {
        self.short(u16::try_from(text.len()).unwrap_or(u16::MAX));
        self.0.extend(text.as_bytes());
    }

    /// Bytes or a long text; a body with longer ones than can be told is not sent.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        self.0.extend(bytes);
    }

    /// The whole frame. `number` comes back with the answer.
    ///
    /// # Errors
    /// The body is too large.
    pub fn frame(self, request: Request, number: i16) -> Result<Vec<u8>, Fault> {
        let length = u32::try_from(self.0.len()).ok().filter(|_| self.0.len() <= BODY_BYTES);
        let length =
            length.ok_or_else(|| Fault::invalid(format!("this is too much for {SERVICE} at once")))?;
        let mut frame = Vec::with_capacity(HEAD_BYTES + self.0.len());
        frame.extend([VERSION, 0]);
        frame.extend(number.to_be_bytes());
        frame.push(request as u8);
        frame.extend(length.to_be_bytes());
        frame.extend(self.0);
        Ok(frame)
    }
}

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    pub flags: u8,
    /// The number of what is answered.
    pub number: i16,
    pub opcode: u8,
    /// Bytes of the body.
    pub length: usize,
}

impl Head {
    /// `None` where this is no head of an answer. A server that does not know the version answers in another one.
    pub fn read(bytes: [u8; HEAD_BYTES]) -> Option<Self> {
        let mut reader = Reader(&bytes);
        let version = reader.byte()?;
        let (flags, number, opcode) = (reader.byte()?, reader.short()?.cast_signed(), reader.byte()?);
        let length = usize::try_from(reader.int()?).ok().filter(|length| *length <= BODY_BYTES)?;
        (version & IS_ANSWER != 0).then_some(Self { flags, number, opcode, length })
    }
}

/// Reads a body from its beginning; `None` is a body that ends too early or is not in order.
#[derive(Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(front)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub fn short(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub fn int(&mut self) -> Option<i32> {
        self.array().map(i32::from_be_bytes)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.short()?;
        std::str::from_utf8(self.take(length.into())?).ok()
    }

    /// Bytes; the inner `None` is a value that is not there.
    pub fn bytes(&mut self) -> Option<Option<&'a [u8]>> {
        match usize::try_from(self.int()?) {
            Ok(length) => self.take(length).map(Some),
            Err(_) => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_a_head_and_a_body() {
        let mut body = Body::default();
        body.short(1);
        body.text("CQL_VERSION");
        body.bytes(b"3");
        let frame = body.frame(Request::Startup, 7).unwrap();
        assert_eq!(frame, b"\x04\0\0\x07\x01\0\0\0\x14\0\x01\0\x0bCQL_VERSION\0\0\0\x013");
    }

    #[test]
    fn heads_of_answers() {
        let good = [0x84, 8, 0, 3, 2, 0, 0, 0, 5];
        assert_eq!(Head::read(good), Some(Head { flags: 8, number: 3, opcode: 2, length: 5 }));
        for (at, byte) in [(0, 0x04), (0, b'H'), (5, 0x80), (5, 0x10)] {
            let mut wrong = good;
            wrong[at] = byte;
            wrong[8] = 1;
            assert_eq!(Head::read(wrong), None, "{at} {byte}");
        }
    }

    #[test]
    fn what_ends_too_early_is_none() {
        let mut reader = Reader(b"\0\0\0\x09abc");
        assert_eq!(reader.bytes(), None);
        assert_eq!(Reader(b"\xff\xff\xff\xff").bytes(), Some(None));
        assert_eq!(Reader(b"\0\x03ab").text(), None);
        assert_eq!(Reader(b"\0\x01\xff").text(), None, "no UTF-8");
    }
}

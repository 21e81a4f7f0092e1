//! A bucket as the store of files that servers share.
//!
//! Files are sent and fetched in parts, so that memory holds one part, however large they are. The operations are those
//! of "Amazon S3 API Reference": PutObject, CreateMultipartUpload, UploadPart, CompleteMultipartUpload,
//! AbortMultipartUpload, GetObject, HeadObject, ListObjectsV2, DeleteObject.

use super::s3::{Bucket, SERVICE, explained, options, part};
use super::sign;
use crate::http::Call;
use bytes::Bytes;
use chrono::DateTime;
use http::{Method, StatusCode, header};
use langflow_core::run::{Egress, Reply};
use langflow_core::shared_files::{SharedFile, SharedFiles};
use langflow_core::{Fault, FaultKind, async_trait};
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// One part of a file. S3 wants 5 MiB at least and 10,000 at most.
const PART_BYTES: usize = 8 << 20;
/// An answer that tells what happened.
const ANSWER_BYTES: usize = 4 << 20;
const BYTES: &str = "application/octet-stream";

/// A part of a bucket.
pub struct SharedBucket {
    bucket: Bucket,
    /// Before every key; empty, or with a slash at its end.
    prefix: String,
    /// On every file, as a query.
    tags: String,
    egress: Arc<dyn Egress>,
    part_bytes: usize,
}

impl fmt::Debug for SharedBucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedBucket {{ {}/{} }}", self.bucket.name, self.prefix)
    }
}

impl SharedBucket {
    /// `prefix` stands before every key, `tags` are put on every file.
    pub fn new(
        bucket: Bucket,
        prefix: &str,
        tags: &BTreeMap<String, String>,
        egress: Arc<dyn Egress>,
    ) -> Self {
        let prefix = prefix.trim_matches('/');
        let encoded = |text: &str| sign::encoded(text.as_bytes(), false);
        let tags: Vec<String> =
            tags.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        Self {
            bucket,
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            tags: tags.join("&"),
            egress,
            part_bytes: PART_BYTES,
        }
    }

    fn call(&self, method: Method, key: &str) -> Result<Call, Fault> {
        let url = self.bucket.url(&format!("{}{key}", self.prefix))?;
        Ok(Call::new(method, url).options(options()))
    }

    async fn send(&self, call: Call) -> Result<Reply, Fault> {
        let call = call.signed(&self.bucket.account, "s3");
        call.send_ok(&*self.egress, SERVICE).await.map_err(explained)
    }

    /// As [`Self::send`]; `None` where S3 says 404.
    async fn find(&self, call: Call) -> Result<Option<Reply>, Fault> {
        match self.send(call).await {
            Err(fault) if status(&fault) == Some(StatusCode::NOT_FOUND) && !is_about_the_bucket(&fault) => {
                Ok(None)
            }
            reply => reply.map(Some),
        }
    }

    fn tagged(&self, call: Call) -> Call {
        if self.tags.is_empty() { call } else { call.header("x-amz-tagging", &self.tags) }
    }

    async fn put_parts(&self, key: &str, first: Bytes, file: &mut File) -> Result<(), Fault> {
        let call = self.tagged(self.call(Method::POST, key)?.query(&[("uploads", "")]));
        let begun = text(self.send(call.body(BYTES, Bytes::new())).await?).await?;
        let id = part(&begun, "UploadId").map(unescaped).ok_or_else(|| odd("no id of an upload"))?;
        let sent = self.send_parts(key, &id, first, file).await;
        if sent.is_err() {
            // What was sent would be paid for until somebody clears it away.
            let call = self.call(Method::DELETE, key)?.query(&[("uploadId", &id)]);
            let _ = self.send(call).await;
        }
        sent
    }

    async fn send_parts(&self, key: &str, id: &str, first: Bytes, file: &mut File) -> Result<(), Fault> {
        let mut list = String::new();
        let (mut piece, mut number) = (first, 1);
        while !piece.is_empty() {
            let query = [("partNumber", number.to_string()), ("uploadId", id.to_owned())];
            let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
            let reply = self.send(self.call(Method::PUT, key)?.query(&query).body(BYTES, piece)).await?;
            let tag = reply.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
            let tag = tag.ok_or_else(|| odd("a part without its tag"))?;
            let _ =
                write!(list, "<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag></Part>", escaped(tag));
            piece = next_part(file, self.part_bytes).await?;
            number += 1;
        }
        let body = format!("<CompleteMultipartUpload>{list}</CompleteMultipartUpload>");
        let call = self.call(Method::POST, key)?.query(&[("uploadId", id)]).body("application/xml", body);
        let done = text(self.send(call).await?).await?;
        // It begins to answer before it knows: a refusal comes with status 200.
        if done.contains("<Error>") {
            let message = part(&done, "Message").unwrap_or_default();
            return Err(Fault::new(
                FaultKind::Unavailable,
                format!("{SERVICE} could not join a file: {message}"),
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl SharedFiles for SharedBucket {
    async fn put(&self, key: &str, from: &Path) -> Result<(), Fault> {
        let mut file = File::open(from).await.map_err(local)?;
        let first = next_part(&mut file, self.part_bytes).await?;
        if first.len() == self.part_bytes {
            return self.put_parts(key, first, &mut file).await;
        }
        let call = self.tagged(self.call(Method::PUT, key)?).body(BYTES, first);
        self.send(call).await.map(drop)
    }

    async fn fetch(&self, key: &str, to: &Path) -> Result<bool, Fault> {
        let mut file: Option<File> = None;
        let mut at = 0_u64;
        loop {
            let range = format!("bytes={at}-{}", at + self.part_bytes as u64 - 1);
            let call = self.call(Method::GET, key)?.header("range", &range);
            let piece = match self.find(call).await {
                Ok(Some(reply)) => reply.bytes(self.part_bytes).await?,
                Ok(None) if at == 0 => return Ok(false),
                Ok(None) => return Err(odd("a file that went while it was read")),
                // Behind the end: an empty file, or one that ends where a part does.
                Err(fault) if status(&fault) == Some(StatusCode::RANGE_NOT_SATISFIABLE) => Bytes::new(),
                Err(fault) => return Err(fault),
            };
            let file = match &mut file {
                Some(file) => file,
                None => file.insert(File::create_new(to).await.map_err(local)?),
            };
            file.write_all(&piece).await.map_err(local)?;
            at += piece.len() as u64;
            if piece.len() < self.part_bytes {
                file.flush().await.map_err(local)?;
                return Ok(true);
            }
        }
    }

    async fn exists(&self, key: &str) -> Result<bool, Fault> {
        Ok(self.find(self.call(Method::HEAD, key)?).await?.is_some())
    }

    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<SharedFile>, Fault> {
        let full = format!("{}{prefix}", self.prefix);
        let mut query = vec![("list-type", "2"), ("encoding-type", "url"), ("prefix", full.as_str())];
        let after = format!("{}{after}", self.prefix);
        if after != self.prefix {
            query.push(("start-after", &after));
        }
        let call = Call::get(self.bucket.root()?).options(options()).query(&query);
        let answer = text(self.send(call).await?).await?;
        let files = answer.split("<Contents>").skip(1).map(|entry| self.entry(entry)).collect::<Option<_>>();
        files.ok_or_else(|| odd("a list that cannot be read"))
    }

    async fn delete(&self, key: &str) -> Result<(), Fault> {
        self.find(self.call(Method::DELETE, key)?).await.map(drop)
    }
}

impl SharedBucket {
    fn entry(&self, xml: &str) -> Option<SharedFile> {
        let key = sign::decoded(&unescaped(part(xml, "Key")?).replace('+', " "));
        let key = String::from_utf8(key).ok()?;
        let changed_at = DateTime::parse_from_rfc3339(part(xml, "LastModified")?).ok()?.to_utc();
        Some(SharedFile {
            key: key.strip_prefix(&self.prefix)?.to_owned(),
            size_bytes: part(xml, "Size")?.parse().ok()?,
            changed_at,
        })
    }
}

/// The next part of a file; empty at its end.
async fn next_part(file: &mut File, bytes: usize) -> Result<Bytes, Fault> {
    let mut piece = Vec::new();
    file.take(bytes as u64).read_to_end(&mut piece).await.map_err(local)?;
    Ok(piece.into())
}

async fn text(reply: Reply) -> Result<String, Fault> {
    let body = reply.bytes(ANSWER_BYTES).await?;
    String::from_utf8(body.into()).map_err(|_| odd("an answer that is not text"))
}

fn status(fault: &Fault) -> Option<StatusCode> {
    StatusCode::from_u16(fault.reply()?.status).ok()
}

/// A bucket that is not there is no file that is not there.
fn is_about_the_bucket(fault: &Fault) -> bool {
    fault.reply().is_some_and(|reply| part(&reply.body, "Code") == Some("NoSuchBucket"))
}

fn local(error: std::io::Error) -> Fault {
    Fault::new(FaultKind::Unavailable, "a file of this machine cannot be read or written").with_source(error)
}

fn odd(what: &str) -> Fault {
    Fault::new(FaultKind::Unavailable, format!("{SERVICE} answered with {what}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

//! Gzip for answers of 1000 bytes and more, where it helps and nobody waits for single events.

use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

const MIN_BYTES: u64 = 1000;

pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().gzip(true).br(false).compress_when(
        SizeAbove::new(MIN_BYTES)
            .and(NotForContentType::SSE)
            .and(NotForContentType::GRPC)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::const_new("application/octet-stream"))
            .and(NotForContentType::const_new("application/pdf"))
            .and(NotForContentType::const_new("application/zip"))
            .and(NotForContentType::const_new("application/x-zip-compressed"))
            .and(NotForContentType::const_new("audio/"))
            .and(NotForContentType::const_new("video/")),
    )
}

package dev.moraine.wire.message;

/** A message that a client sends to a storage node. */
public sealed interface ClientMessage extends Message
        permits Hello,
                Ping,
                BundleOffer,
                SliverData,
                CertificatePut,
                GetMetadata,
                GetCertificate,
                GetSliver,
                GetSymbols,
                GetChunks,
                GetStatus,
                GetFeed,
                GetVerdict,
                GetHealth {}

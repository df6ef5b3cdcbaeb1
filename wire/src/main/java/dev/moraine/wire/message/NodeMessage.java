package dev.moraine.wire.message;

/** A message that a storage node sends to a client. */
public sealed interface NodeMessage extends Message
        permits Welcome,
                Failure,
                Busy,
                Pong,
                BundleGrant,
                SliverData,
                BundleSigned,
                BundleRefused,
                CertificateKept,
                MetadataAnswer,
                CertificateAnswer,
                SymbolsAnswer,
                ChunksAnswer,
                StatusAnswer,
                FeedAnswer,
                VerdictAnswer,
                HealthAnswer {}

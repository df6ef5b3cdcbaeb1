// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Bls12381} from "./Bls12381.sol";
import {Calldata} from "./Calldata.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// @title What a committee signed
/// @notice Verifies blob certificates and verdicts (protocol, sections 5 and 6) for a contract that knows nothing but a
/// deployment id. The caller decides what a good one is worth: a rollup demands its own namespace and that the blob
/// expires after its challenge window, and names a batch by its entry, never by a hash of the certificate.
///
/// The deployment id is trusted. A committee that hashes to it is checked for its shards and for keys at infinity, but
/// not for keys that occur twice, are outside the subgroup or made up from those of others: the id must be that of a
/// genesis that the Java side's `Committee.of` accepted.
///
/// Forms, all integers big-endian; `EvmForm` of the Java side writes them:
///
///     committee   = n u16 ‖ nodes u16 ‖ genesisTime u64 ‖ epochSeconds u32
///                   ‖ nodes × (publicKey 48 ‖ firstShard u16 ‖ shardCount u16)
///     ys          = the y coordinate, 48 bytes, of the public key of each signer, in the order of the bitmap
///     certificate = the blob certificate with the aggregate uncompressed:
///                   statement 92 ‖ signer bitmap ‖ aggregate 192 ‖ entry 80 ‖ index u32 ‖ Merkle path of the entry
///     verdict     = tag 16 ‖ deploymentId 32 ‖ blobId 32 ‖ signer bitmap ‖ aggregate 192
library CommitteeCertificate {
    /// Bytes are missing or trailing.
    error WrongLength();
    /// The signed bytes are of another kind or version.
    error WrongTag();
    /// An epoch, count, length or index is out of range.
    error OutOfRange();
    /// A bit of the bitmap stands for no member.
    error UnusedBitsSet();
    /// The shards of the members do not follow one another from 0 to n − 1, or one holds none or more than f.
    error WrongShards();
    /// The committee or the statement is that of another deployment.
    error WrongDeployment();
    /// The entry does not lead to the bundle root at its index.
    error WrongPath();
    /// The signers hold too few shards.
    error TooLittleWeight();
    /// A y coordinate is not that of the signer's key.
    error WrongKey();
    /// The aggregate does not verify for these signers and this statement.
    error WrongSignature();

    /// One blob of a certified bundle.
    struct Entry {
        bytes32 blobId;
        bytes32 namespace;
        uint64 length;
        uint64 expiryEpoch;
        /// When the nodes may delete the blob: the end of the expiry epoch, in seconds since 1970.
        uint256 expiresAt;
    }

    uint256 private constant COMMITTEE_PREFIX_BYTES = 16;
    uint256 private constant LEAF_BYTES = 52;
    uint256 private constant STATEMENT_BYTES = 92;
    uint256 private constant ENTRY_BYTES = 80;
    uint256 private constant VERDICT_BYTES = 80;
    uint256 private constant MIN_SHARDS = 4;
    uint256 private constant MAX_SHARDS = 192;
    uint256 private constant MAX_ENTRIES = 4096;
    uint256 private constant MAX_BLOB_BYTES = 1 << 32;

    bytes16 private constant GENESIS_TAG = "moraine/genes/v1";
    bytes16 private constant STORE_TAG = "moraine/store/v1";
    bytes16 private constant WHOLE_TAG = "moraine/whole/v1";
    bytes16 private constant WRONG_TAG = "moraine/wrong/v1";

    /// @notice Verifies that members of weight q signed a bundle and that a blob is in it. Reverts unless so.
    /// @return epoch The epoch of the signatures.
    /// @return entry The blob's entry.
    function verifyBlobCertificate(
        bytes32 deploymentId,
        bytes calldata committee,
        bytes calldata ys,
        bytes calldata certificate
    ) internal view returns (uint64 epoch, Entry memory entry) {
        uint256 shards = checkCommittee(deploymentId, committee);
        uint256 signedBytes = STATEMENT_BYTES + bitmapBytes(committee) + Bls12381.SIGNATURE_BYTES;
        if (certificate.length < signedBytes + ENTRY_BYTES + 4) {
            revert WrongLength();
        }
        epoch = checkStatement(deploymentId, certificate);
        entry = checkEntry(certificate[:STATEMENT_BYTES], certificate[signedBytes:]);
        entry.expiresAt = endOf(entry.expiryEpoch, committee);
        checkSigners(committee, ys, certificate[:signedBytes], STATEMENT_BYTES, shards - (shards - 1) / 3);
    }

    /// @notice Verifies a verdict of weight f + 1. Reverts unless it is one.
    /// @return isWhole Whether the blob is whole, so that every proof under its id is final; if not, it counts as
    /// empty.
    /// @return blobId The blob.
    function verifyVerdict(
        bytes32 deploymentId,
        bytes calldata committee,
        bytes calldata ys,
        bytes calldata verdict
    ) internal view returns (bool isWhole, bytes32 blobId) {
        uint256 shards = checkCommittee(deploymentId, committee);
        if (verdict.length != VERDICT_BYTES + bitmapBytes(committee) + Bls12381.SIGNATURE_BYTES) {
            revert WrongLength();
        }
        bytes16 tag = bytes16(verdict[:16]);
        isWhole = tag == WHOLE_TAG;
        if (!isWhole && tag != WRONG_TAG) {
            revert WrongTag();
        }
        if (bytes32(verdict[16:48]) != deploymentId) {
            revert WrongDeployment();
        }
        blobId = bytes32(verdict[48:80]);
        checkSigners(committee, ys, verdict, VERDICT_BYTES, (shards - 1) / 3 + 1);
    }

    /// Checks the committee's ranges, and all of it against the deployment id.
    function checkCommittee(bytes32 deploymentId, bytes calldata committee) private view returns (uint256 shards) {
        if (committee.length < COMMITTEE_PREFIX_BYTES) {
            revert WrongLength();
        }
        shards = uint16(bytes2(committee[:2]));
        uint256 nodes = uint16(bytes2(committee[2:4]));
        if (shards < MIN_SHARDS || shards > MAX_SHARDS || nodes == 0 || nodes > shards) {
            revert OutOfRange();
        }
        if (committee.length != COMMITTEE_PREFIX_BYTES + LEAF_BYTES * nodes) {
            revert WrongLength();
        }
        bytes32[] memory hashes = new bytes32[](nodes);
        uint256 next = 0;
        // Nothing overflows: there are at most 192 nodes of 16-bit weights.
        unchecked {
            uint256 faults = (shards - 1) / 3;
            for (uint256 i = 0; i < nodes; ++i) {
                bytes calldata leaf = leafOf(committee, i);
                uint256 range = Calldata.word(leaf, LEAF_BYTES - 32);
                uint256 weight = range & 0xffff;
                if ((range >> 16) & 0xffff != next || weight == 0 || weight > faults) {
                    revert WrongShards();
                }
                next += weight;
                hashes[i] = MerkleTree.leaf(leaf);
            }
        }
        if (next != shards) {
            revert WrongShards();
        }
        bytes32 root = MerkleTree.rootInPlace(hashes);
        if (sha256(abi.encodePacked(GENESIS_TAG, committee[:COMMITTEE_PREFIX_BYTES], root)) != deploymentId) {
            revert WrongDeployment();
        }
    }

    function checkStatement(bytes32 deploymentId, bytes calldata statement) private pure returns (uint64 epoch) {
        if (bytes16(statement[:16]) != STORE_TAG) {
            revert WrongTag();
        }
        if (bytes32(statement[16:48]) != deploymentId) {
            revert WrongDeployment();
        }
        epoch = uint64(bytes8(statement[48:56]));
        uint256 count = uint32(bytes4(statement[56:60]));
        if (epoch >> 63 != 0 || count == 0 || count > MAX_ENTRIES) {
            revert OutOfRange();
        }
    }

    function checkEntry(bytes calldata statement, bytes calldata proof) private view returns (Entry memory entry) {
        uint256 count = uint32(bytes4(statement[56:60]));
        uint256 index = uint32(bytes4(proof[ENTRY_BYTES:ENTRY_BYTES + 4]));
        entry.blobId = bytes32(proof[:32]);
        entry.namespace = bytes32(proof[32:64]);
        entry.length = uint64(bytes8(proof[64:72]));
        entry.expiryEpoch = uint64(bytes8(proof[72:80]));
        if (entry.length == 0 || entry.length > MAX_BLOB_BYTES || entry.expiryEpoch >> 63 != 0 || index >= count) {
            revert OutOfRange();
        }
        bytes calldata path = proof[ENTRY_BYTES + 4:];
        if (path.length != 32 * MerkleTree.siblingCount(index, count)) {
            revert WrongLength();
        }
        bytes32 leaf = MerkleTree.leaf(proof[:ENTRY_BYTES]);
        if (MerkleTree.rootFrom(leaf, index, count, path) != bytes32(statement[60:92])) {
            revert WrongPath();
        }
    }

    /// Checks signers, weight and aggregate of `message ‖ bitmap ‖ aggregate`.
    function checkSigners(
        bytes calldata committee,
        bytes calldata ys,
        bytes calldata signed,
        uint256 messageBytes,
        uint256 requiredWeight
    ) private view {
        bytes memory sum = sumOfSigners(committee, ys, Calldata.word(signed, messageBytes), requiredWeight);
        uint256 aggregateStart = signed.length - Bls12381.SIGNATURE_BYTES;
        if (!Bls12381.verify(sum, signed[:messageBytes], signed[aggregateStart:])) {
            revert WrongSignature();
        }
    }

    /// The bitmap is the first bytes of a word: a committee has fewer than 256 nodes.
    function sumOfSigners(bytes calldata committee, bytes calldata ys, uint256 bitmap, uint256 requiredWeight)
        private
        view
        returns (bytes memory sum)
    {
        sum = Bls12381.emptySum();
        uint256 nodes = uint16(bytes2(committee[2:4]));
        uint256 weight = 0;
        uint256 read = 0;
        // Nothing overflows: there are at most 192 nodes of 16-bit weights.
        unchecked {
            for (uint256 first = 0; first < nodes; first += 8) {
                uint256 bits = bitmap >> 248;
                bitmap <<= 8;
                for (uint256 i = first; bits != 0; ++i) {
                    if (bits & 1 == 1) {
                        if (i >= nodes) {
                            revert UnusedBitsSet();
                        }
                        weight += addSigner(sum, leafOf(committee, i), ys, read);
                        read += Bls12381.FIELD_BYTES;
                    }
                    bits >>= 1;
                }
            }
        }
        if (ys.length != read) {
            revert WrongLength();
        }
        if (weight < requiredWeight) {
            revert TooLittleWeight();
        }
    }

    function addSigner(bytes memory sum, bytes calldata leaf, bytes calldata ys, uint256 read)
        private
        view
        returns (uint256 weight)
    {
        unchecked {
            if (ys.length < read + Bls12381.FIELD_BYTES) {
                revert WrongLength();
            }
        }
        if (!Bls12381.addKey(sum, leaf, Calldata.part(ys, read, Bls12381.FIELD_BYTES))) {
            revert WrongKey();
        }
        return Calldata.word(leaf, LEAF_BYTES - 32) & 0xffff;
    }

    /// `genesisTime + (epoch + 1) · epochSeconds`: with these widths, below 2^96.
    function endOf(uint64 epoch, bytes calldata committee) private pure returns (uint256 time) {
        uint256 genesisTime = uint64(bytes8(committee[4:12]));
        uint256 epochSeconds = uint32(bytes4(committee[12:COMMITTEE_PREFIX_BYTES]));
        return genesisTime + (uint256(epoch) + 1) * epochSeconds;
    }

    function leafOf(bytes calldata committee, uint256 node) private pure returns (bytes calldata) {
        unchecked {
            return Calldata.part(committee, COMMITTEE_PREFIX_BYTES + LEAF_BYTES * node, LEAF_BYTES);
        }
    }

    function bitmapBytes(bytes calldata committee) private pure returns (uint256) {
        return (uint256(uint16(bytes2(committee[2:4]))) + 7) / 8;
    }
}

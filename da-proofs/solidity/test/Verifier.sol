// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {BlobChunk} from "../src/BlobChunk.sol";
import {CommitteeCertificate} from "../src/CommitteeCertificate.sol";

/// The libraries behind external functions, so that a test can call them. Also how little a contract needs to use them.
contract Verifier {
    function wordAt(bytes32 blobId, uint256 shards, bytes calldata header, bytes calldata proof, uint256 offset)
        external
        view
        returns (bytes32)
    {
        return BlobChunk.wordAt(blobId, shards, header, proof, offset);
    }

    function verifyBlobCertificate(
        bytes32 deploymentId,
        bytes calldata committee,
        bytes calldata ys,
        bytes calldata certificate
    ) external view returns (uint64 epoch, CommitteeCertificate.Entry memory entry) {
        return CommitteeCertificate.verifyBlobCertificate(deploymentId, committee, ys, certificate);
    }

    function verifyVerdict(
        bytes32 deploymentId,
        bytes calldata committee,
        bytes calldata ys,
        bytes calldata verdict
    ) external view returns (bool isWhole, bytes32 blobId) {
        return CommitteeCertificate.verifyVerdict(deploymentId, committee, ys, verdict);
    }
}

package dev.moraine.node.genesis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.moraine.codec.Geometry;
import dev.moraine.proofs.certificate.BlsPublicKey;
import dev.moraine.proofs.certificate.BlsSignature;
import dev.moraine.proofs.certificate.InvalidPointException;
import dev.moraine.proofs.committee.Committee;
import dev.moraine.proofs.committee.CommitteeMember;
import dev.moraine.proofs.committee.EpochSchedule;
import dev.moraine.proofs.committee.InvalidCommitteeException;
import dev.moraine.wire.transport.CertificatePin;
import dev.moraine.wire.transport.ClientSecurity;
import dev.moraine.wire.transport.PeerConnection;
import dev.moraine.wire.transport.TlsIdentity;
import dev.moraine.wire.transport.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the genesis file (protocol, section 5), a JSON object:
 *
 * <pre>
 * {"n", "genesisTime", "epochSeconds", "retentionEpochs",
 *  "nodes": [{"name", "address": "host:port", "publicKey": hex, "proofOfPossession": hex,
 *             "firstShard", "shardCount", "tlsPin": hex}, …]}
 * </pre>
 *
 * <p>All members must be there but {@code tlsPin}, which all nodes have or none: the SHA-256 of the certificate by which
 * a node is known. No other member may be there, and no value is converted from another type. Thread-safe.
 */
public final class GenesisFile {
    /** Longest file that is read: the largest committee fits several times. */
    public static final int MAX_FILE_BYTES = 1 << 20;

    private static final int MAX_PRINTED_CHARACTERS = 200;
    private static final int MAX_NESTING = 4;
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Set<String> COMMITTEE_FIELDS =
            Set.of("n", "genesisTime", "epochSeconds", "retentionEpochs", "nodes");
    private static final Set<String> NODE_FIELDS =
            Set.of("name", "address", "publicKey", "proofOfPossession", "firstShard", "shardCount");
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxDocumentLength(MAX_FILE_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String TLS_PIN = "tlsPin";

    private GenesisFile() {}

    /**
     * What a file says.
     *
     * @param committee the committee
     * @param tlsPins how the nodes are known on encrypted connections, in their order; empty if connections are not
     *     encrypted
     */
    public record Content(Committee committee, List<CertificatePin> tlsPins) {
        /** Copies the list. */
        public Content {
            tlsPins = List.copyOf(tlsPins);
        }

        /**
         * Lets a transport demand the certificates of the nodes that it connects to, if they have any.
         *
         * @param transport what connects
         * @param own whom it shows itself as, to nodes that ask; null for nobody
         */
        public void protect(Transport transport, @Nullable TlsIdentity own) {
            if (!tlsPins.isEmpty()) {
                transport.protect(index -> index == PeerConnection.ANY_NODE
                        ? ClientSecurity.tls(Set.copyOf(tlsPins), own)
                        : ClientSecurity.tls(tlsPins.get(index), own));
            }
        }
    }

    /**
     * Reads a file.
     *
     * @param file the file
     * @return the committee
     * @throws GenesisException if the file cannot be read, is too long or describes no valid committee
     */
    public static Committee read(Path file) throws GenesisException {
        return readContent(file).committee();
    }

    /**
     * Reads a file with the pins of its nodes.
     *
     * @param file the file
     * @return the committee and the pins
     * @throws GenesisException if the file cannot be read, is too long or describes no valid committee
     */
    public static Content readContent(Path file) throws GenesisException {
        byte[] json;
        try (InputStream in = Files.newInputStream(file)) {
            json = in.readNBytes(MAX_FILE_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new GenesisException("genesis file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new GenesisException("genesis file " + file + " cannot be read: " + printable(e.toString()), e);
        }
        try {
            return parseContent(json);
        } catch (GenesisException e) {
            throw new GenesisException("genesis file " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a file's content.
     *
     * @param json the content, UTF-8
     * @return the committee
     * @throws GenesisException if it is too long or describes no valid committee
     */
    public static Committee parse(byte[] json) throws GenesisException {
        return parseContent(json).committee();
    }

    private static Content parseContent(byte[] json) throws GenesisException {
        if (json.length > MAX_FILE_BYTES) {
            throw new GenesisException("longer than " + MAX_FILE_BYTES + " bytes");
        }
        JsonNode tree;
        try {
            tree = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new GenesisException("not JSON: " + printable(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new GenesisException("not JSON: " + printable(e.toString()), e);
        }
        if (tree.isMissingNode()) {
            throw new GenesisException("the file is empty");
        }
        return content(JsonFields.of("", tree, COMMITTEE_FIELDS));
    }

    /**
     * Writes a committee as a genesis file that {@link #parse} reads back.
     *
     * @param committee the committee
     * @return the file's content, UTF-8, indented, with a line end
     */
    public static byte[] format(Committee committee) {
        return format(new Content(committee, List.of()));
    }

    private static byte[] format(Content content) {
        Committee committee = content.committee();
        ObjectNode root = MAPPER.createObjectNode();
        root.put("n", committee.geometry().shards());
        root.put("genesisTime", committee.genesisTimeSeconds());
        root.put("epochSeconds", committee.epochSeconds());
        root.put("retentionEpochs", committee.retentionEpochs());
        ArrayNode nodes = root.putArray("nodes");
        for (CommitteeMember member : committee.members()) {
            ObjectNode node = nodes.addObject();
            node.put("name", member.name());
            node.put("address", formatAddress(member.host(), member.port()));
            node.put("publicKey", HexFormat.of().formatHex(member.publicKey().encode()));
            node.put("proofOfPossession", HexFormat.of().formatHex(member.proofOfPossession().encode()));
            node.put("firstShard", member.firstShard());
            node.put("shardCount", member.shardCount());
            if (!content.tlsPins().isEmpty()) {
                node.put(TLS_PIN, content.tlsPins().get(nodes.size() - 1).toString());
            }
        }
        return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes a genesis file.
     *
     * @param file the file, which must not exist yet
     * @param committee the committee
     * @throws IOException if it exists or cannot be written
     */
    public static void write(Path file, Committee committee) throws IOException {
        write(file, new Content(committee, List.of()));
    }

    /**
     * Writes a genesis file with the pins of its nodes.
     *
     * @param file the file, which must not exist yet
     * @param content the committee and the pins
     * @throws IOException if it exists or cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        Files.write(file, format(content), StandardOpenOption.CREATE_NEW);
    }

    private static Content content(JsonFields fields) throws GenesisException {
        int shards = (int) fields.integer("n", Geometry.MIN_SHARDS, Geometry.MAX_SHARDS);
        long genesisTimeSeconds = fields.integer("genesisTime", 0, EpochSchedule.MAX_GENESIS_TIME_SECONDS);
        long epochSeconds = fields.integer("epochSeconds", 1, EpochSchedule.MAX_EPOCH_SECONDS);
        long retentionEpochs = fields.integer("retentionEpochs", 1, Committee.MAX_RETENTION_EPOCHS);
        JsonNode nodes = fields.object().get("nodes");
        if (!nodes.isArray()) {
            throw new GenesisException("nodes must be an array, but is " + JsonFields.typeOf(nodes));
        }
        if (nodes.isEmpty() || nodes.size() > shards) {
            throw new GenesisException("nodes must hold from 1 to n = " + shards + " nodes, but holds " + nodes.size());
        }
        List<CommitteeMember> members = new ArrayList<>(nodes.size());
        List<CertificatePin> pins = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            JsonFields node = JsonFields.of("nodes[" + i + "]", nodes.get(i), NODE_FIELDS, Set.of(TLS_PIN));
            members.add(member(node, shards));
            addPin(node, i, pins);
        }
        try {
            return new Content(
                    Committee.of(shards, genesisTimeSeconds, epochSeconds, retentionEpochs, members), pins);
        } catch (InvalidCommitteeException e) {
            throw new GenesisException(printable(String.valueOf(e.getMessage())), e);
        }
    }

    private static void addPin(JsonFields fields, int index, List<CertificatePin> pins) throws GenesisException {
        boolean isPinned = fields.object().has(TLS_PIN);
        if (index > 0 && isPinned == pins.isEmpty()) {
            throw new GenesisException(fields.path(TLS_PIN) + (isPinned ? " is there" : " is missing")
                    + ", but either all nodes have one or none");
        }
        if (isPinned) {
            try {
                pins.add(CertificatePin.parse(fields.text(TLS_PIN)));
            } catch (IllegalArgumentException e) {
                throw new GenesisException(
                        fields.path(TLS_PIN) + ": " + printable(String.valueOf(e.getMessage())), e);
            }
        }
    }

    private static CommitteeMember member(JsonFields fields, int shards) throws GenesisException {
        String name = fields.text("name");
        String address = fields.text("address");
        int colon = address.lastIndexOf(':');
        String host = host(fields, address, colon);
        int port = port(fields, address.substring(colon + 1));
        BlsPublicKey publicKey = publicKey(fields);
        BlsSignature possession = proofOfPossession(fields);
        int firstShard = (int) fields.integer("firstShard", 0, shards - 1);
        int shardCount = (int) fields.integer("shardCount", 1, shards);
        return new CommitteeMember(name, host, port, publicKey, possession, firstShard, shardCount);
    }

    private static BlsPublicKey publicKey(JsonFields fields) throws GenesisException {
        byte[] encoded = fields.hex("publicKey", BlsPublicKey.ENCODED_BYTES);
        try {
            return BlsPublicKey.decode(encoded);
        } catch (InvalidPointException e) {
            throw new GenesisException(fields.path("publicKey") + " is no BLS public key: "
                    + printable(String.valueOf(e.getMessage())), e);
        }
    }

    private static BlsSignature proofOfPossession(JsonFields fields) throws GenesisException {
        byte[] encoded = fields.hex("proofOfPossession", BlsSignature.ENCODED_BYTES);
        try {
            return BlsSignature.decode(encoded);
        } catch (InvalidPointException e) {
            throw new GenesisException(fields.path("proofOfPossession") + " is no BLS signature: "
                    + printable(String.valueOf(e.getMessage())), e);
        }
    }

    private static String host(JsonFields fields, String address, int colon) throws GenesisException {
        String host = colon < 0 ? "" : address.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || bare.contains(":") != isBracketed) {
            throw new GenesisException(fields.path("address")
                    + " must be host:port (an IPv6 address in brackets), but is " + printable(address));
        }
        return bare;
    }

    private static int port(JsonFields fields, String digits) throws GenesisException {
        if (!PORT.matcher(digits).matches() || Integer.parseInt(digits) > Committee.MAX_PORT) {
            throw new GenesisException(fields.path("address") + " must end in a port from 1 to " + Committee.MAX_PORT
                    + ", but ends in " + printable(digits));
        }
        return Integer.parseInt(digits);
    }

    private static String formatAddress(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Makes foreign text fit for one line of a message.
     *
     * @param text any text
     * @return at most {@value #MAX_PRINTED_CHARACTERS} characters of it, control characters replaced
     */
    static String printable(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_PRINTED_CHARACTERS); i++) {
            char c = text.charAt(i);
            line.append(c < ' ' || c >= 127 ? '?' : c);
        }
        return text.length() > MAX_PRINTED_CHARACTERS ? line + "..." : line.toString();
    }
}

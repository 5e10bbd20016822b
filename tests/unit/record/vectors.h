/* Records as they stand on the wire, and what is in them: from RFC 8448 and from another implementation. */
#ifndef TESTS_RECORD_VECTORS_H
#define TESTS_RECORD_VECTORS_H

#include "record/protect.h"

/* A record as it stands on the wire, and what is in it. */
struct vector {
    const char *name;
    const struct t99_aead *aead;
    uint16_t version;
    bool explicit_nonce;
    const char *key, *iv;
    uint64_t seq;
    uint8_t type;
    const char *content;
    const char *record;
};

#define COUNTING_KEY_16 "000102030405060708090a0b0c0d0e0f"
#define COUNTING_KEY_32 COUNTING_KEY_16 "101112131415161718191a1b1c1d1e1f"
#define COUNTING_IV "a0a1a2a3a4a5a6a7a8a9aaab"
#define GET "474554202f20485454502f312e300d0a0d0a" /* "GET / HTTP/1.0\r\n\r\n" */
#define BYTES_0_TO_31 COUNTING_KEY_32
#define BYTES_0_TO_49 BYTES_0_TO_31 "202122232425262728292a2b2c2d2e2f3031"

static const struct vector vectors[] = {
    /* RFC 8448, 3. */
    { "RFC 8448: client Finished", &t99_aes_128_gcm, T99_TLS13, false, "dbfaa693d1762c5b666af5d950258d01",
      "5bd3c71b836e0b76bb73265f", 0, 22,
      "14000020a8ec436d677634ae525ac1fcebe11a039ec17694fac6e98527b642f2edd5ce61",
      "170303003575ec4dc238cce60b298044a71e219c56cc77b0517fe9b93c7a4bfc44d87f38f80338ac98fc46deb384bd1c"
      "aeacab6867d726c40546" },
    { "RFC 8448: client application data", &t99_aes_128_gcm, T99_TLS13, false,
      "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9", 0, 23, BYTES_0_TO_49,
      "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66bcab3f2b9819a8a5b46b395bd54a9a20441e2b"
      "62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4" },
    { "RFC 8448: client close_notify", &t99_aes_128_gcm, T99_TLS13, false, "17422dda596ed5d9acd890e3c63f5051",
      "5b78923dee08579033e523d9", 1, 21, "0100", "1703030013c9872760655666b74d7ff1153efd6db6d0b0e3" },
    { "RFC 8448: server NewSessionTicket", &t99_aes_128_gcm, T99_TLS13, false,
      "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984", 0, 22,
      "040000c90000001efad6aac502000000b22c035d829359ee5ff7af4ec900000000262a6494dc486d2c8a34cb33fa90bf"
      "1b0070ad3c498883c9367c09a2be785abc55cd226097a3a982117283f82a03a143efd3ff5dd36d64e861be7fd61d2827"
      "db279cce145077d454a3664d4e6da4d29ee03725a6a4dafcd0fc67d2aea70529513e3da2677fa5906c5b3f7d8f92f228"
      "bda40dda721470f9fbf297b5aea617646fac5c03272e970727c621a79141ef5f7de6505e5bfbc388e93343694093934a"
      "e4d3570008002a000400000400",
      "17030300de3a6b8f90414a97d6959c3487680de5134a2b240e6cffac116e95d41d6af8f6b580dcf3d11d63c758db289a"
      "015940252f55713e061dc13e078891a38efbcf5753ad8ef170ad3c7353d16d9da773b9ca7f2b9fa1b6c0d4a3d03f75e0"
      "9c30ba1e62972ac46f75f7b981be63439b2999ce13064615139891d5e4c5b406f16e3fc181a77ca475840025db2f0a77"
      "f81b5ab05b94c01346755f69232c86519d86cbeeac87aac347d143f9605d64f650db4d023e70e952ca49fe5137121c74"
      "bc2697687e248746d6df353005f3bce18696129c8153556b3b6c6779b37bf15985684f" },
    { "RFC 8448: server application data", &t99_aes_128_gcm, T99_TLS13, false,
      "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984", 1, 23, BYTES_0_TO_49,
      "17030300432e937e11ef4ac740e538ad36005fc4a46932fc3225d05f82aa1b36e30efaf97d90e6dffc602dcb501a59a8"
      "fcc49c4bf2e5f0a21c0047c2abf332540dd032e167c2955d" },
    { "RFC 8448: server close_notify", &t99_aes_128_gcm, T99_TLS13, false, "9f02283b6c9c07efc26bb9f2ac92e356",
      "cf782b88dd83549aadf1e984", 2, 21, "0100", "1703030013b58fd67166ebf599d24720cfbe7efa7a8864a9" },

    /* Made with Python's cryptography 48.0 (OpenSSL), nonces and additional data by hand from the RFCs. */
    { "TLS 1.2 AES-128-GCM, first record", &t99_aes_128_gcm, T99_TLS12, true, COUNTING_KEY_16, COUNTING_IV, 0,
      23, GET,
      "170303002a0000000000000000cd189abd68af7c3b079605125ffa76aa6182de8f1b32480eb84d48fc7ccf4df237ea" },
    { "TLS 1.2 AES-128-GCM, second record", &t99_aes_128_gcm, T99_TLS12, true, COUNTING_KEY_16, COUNTING_IV,
      1, 23, GET,
      "170303002a0000000000000001013448d243a43f04d33c6926f534996c1cf8547e8d427e82d666a13a1a308c021902" },
    { "TLS 1.2 AES-128-GCM, record 0x0102030405060708", &t99_aes_128_gcm, T99_TLS12, true, COUNTING_KEY_16,
      COUNTING_IV, 0x0102030405060708, 23, GET,
      "170303002a01020304050607085b78cfea14e8d490d2f7d83136343b05b03d3c64f7ad888b7b7197f0a8a548e0e4c1" },
    { "TLS 1.2 AES-128-GCM, no content", &t99_aes_128_gcm, T99_TLS12, true, COUNTING_KEY_16, COUNTING_IV, 0,
      23, "", "1703030018000000000000000052eea73a092ca5d2fd7f3c289e7e9657" },
    { "TLS 1.2 AES-256-GCM", &t99_aes_256_gcm, T99_TLS12, true, COUNTING_KEY_32, COUNTING_IV, 1, 23, GET,
      "170303002a0000000000000001f7eaecae43548ee04f8a825b555b00804010bf187e360dc28c50f70d8fe131d34990" },
    { "TLS 1.2 ChaCha20-Poly1305, first record", &t99_chacha20_poly1305, T99_TLS12, false, COUNTING_KEY_32,
      COUNTING_IV, 0, 23, GET,
      "17030300224bee2c7f62c68af9f45fdc25d2caf0f19054ed7e5c97e951014849fd13701fc3cee0" },
    { "TLS 1.2 ChaCha20-Poly1305, second record", &t99_chacha20_poly1305, T99_TLS12, false, COUNTING_KEY_32,
      COUNTING_IV, 1, 23, GET,
      "1703030022353098d3c05d0bb940c046067d9513701d177bd4a1795f6cd55f58a9f8c5c53d60d5" },
    { "TLS 1.3 AES-256-GCM", &t99_aes_256_gcm, T99_TLS13, false, COUNTING_KEY_32, COUNTING_IV, 0, 23, GET,
      "1703030023a15d280d6aeb4aeb3635a8e2294acdd47da64e6e7935b689642c934c8e7c97e8ab6ffb" },
    { "TLS 1.3 ChaCha20-Poly1305", &t99_chacha20_poly1305, T99_TLS13, false, COUNTING_KEY_32, COUNTING_IV, 0,
      23, GET, "17030300234bee2c7f62c68af9f45fdc25d2caf0f19054c4b84a2dd9010823a0a74401388ec4622c" },
};

#define NUM_VECTORS (sizeof vectors / sizeof vectors[0])

/* The same source: the content, type 23, then five zeros. Record 1. */
static const struct vector padded[] = {
    { "TLS 1.3 AES-128-GCM", &t99_aes_128_gcm, T99_TLS13, false, COUNTING_KEY_16, COUNTING_IV, 1, 23, GET,
      "170303002878bf32ba85cac4bb53fb39bc20564c7e44c16466fcb5465bedb9ccbb13055d945c70cf8f9dcf83cb" },
    { "TLS 1.3 AES-256-GCM", &t99_aes_256_gcm, T99_TLS13, false, COUNTING_KEY_32, COUNTING_IV, 1, 23, GET,
      "170303002812db9747ffcf55cdb287f2b41beb6aadf8089d50a110586a83b14daae138659b71942e7236a4f3a7" },
    { "TLS 1.3 ChaCha20-Poly1305", &t99_chacha20_poly1305, T99_TLS13, false, COUNTING_KEY_32, COUNTING_IV, 1,
      23, GET, "1703030028353098d3c05d0bb940c046067d9513701d1788373bc76323667d751daae04d6be5a1d3906388a902" },
};

/*
 * RFC 8448, 3: the server's first flight: EncryptedExtensions, Certificate, CertificateVerify and Finished.
 */
static const char rfc8448_flight[] =
    "17030302a2d1ff334a56f5bff6594a07cc87b580233f500f45e489e7f33af35edf7869fcf40aa40aa2b8ea73f8"
    "48a7ca07612ef9f945cb960b4068905123ea78b111b429ba9191cd05d2a389280f526134aadc7fc78c4b729df8"
    "28b5ecf7b13bd9aefb0e57f271585b8ea9bb355c7c79020716cfb9b1183ef3ab20e37d57a6b9d7477609aee6e1"
    "22a4cf51427325250c7d0e509289444c9b3a648f1d71035d2ed65b0e3cdd0cbae8bf2d0b227812cbb360987255"
    "cc744110c453baa4fcd610928d809810e4b7ed1a8fd991f06aa6248204797e36a6a73b70a2559c09ead686945b"
    "a246ab66e5edd8044b4c6de3fcf2a89441ac66272fd8fb330ef8190579b3684596c960bd596eea520a56a8d650"
    "f563aad27409960dca63d3e688611ea5e22f4415cf9538d51a200c27034272968a264ed6540c84838d89f72c24"
    "461aad6d26f59ecaba9acbbb317b66d902f4f292a36ac1b639c637ce343117b659622245317b49eeda0c6258f1"
    "00d7d961ffb138647e92ea330faeea6dfa31c7a84dc3bd7e1b7a6c7178af36879018e3f252107f243d243dc733"
    "9d5684c8b0378bf30244da8c87c843f5e56eb4c5e8280a2b48052cf93b16499a66db7cca71e4599426f7d461e6"
    "6f99882bd89fc50800becca62d6c74116dbd2972fda1fa80f85df881edbe5a37668936b335583b599186dc5c69"
    "18a396fa48a181d6b6fa4f9d62d513afbb992f2b992f67f8afe67f76913fa388cb5630c8ca01e0c65d11c66a1e"
    "2ac4c85977b7c7a6999bbf10dc35ae69f5515614636c0b9b68c19ed2e31c0b3b66763038ebba42f3b38edc0399"
    "f3a9f23faa63978c317fc9fa66a73f60f0504de93b5b845e275592c12335ee340bbc4fddd502784016e4b3be7e"
    "f04dda49f4b440a30cb5d2af939828fd4ae3794e44f94df5a631ede42c1719bfdabf0253fe5175be898e750edc"
    "53370d2b";

#endif

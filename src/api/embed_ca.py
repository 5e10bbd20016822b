"""A PEM bundle as an array of C: embed_ca.py BUNDLE OUTPUT."""

import base64
import os
import re
import sys

text = open(sys.argv[1]).read()
ders = [base64.b64decode(b) for b in re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.S)]
data = b"".join(ders)
os.makedirs(os.path.dirname(sys.argv[2]), exist_ok=True)
with open(sys.argv[2], "w") as f:
    f.write("const uint8_t t99_embedded_ca[] = {\n")
    for i in range(0, len(data), 16):
        f.write("    " + ", ".join("0x%02x" % b for b in data[i:i + 16]) + ",\n")
    f.write("};\nconst size_t t99_embedded_ca_len = sizeof t99_embedded_ca;\n")

#!/bin/sh
# signatures.sh N FOLDER -- N made-up signatures, of the kinds that real ones are, in files of 1000 in FOLDER.
set -eu
n=$1 folder=$2
mkdir -p "$folder"
awk -v n="$n" -v folder="$folder" 'BEGIN {
	srand(7)
	for (i = 0; i < n; i++) {
		file = sprintf("%s/%05d.yaml", folder, int(i / 1000))
		hex = sprintf("%04x%04x", int(rand() * 65536), int(rand() * 65536))
		more = sprintf("%04x%04x", int(rand() * 65536), int(rand() * 65536))
		printf "- app: Made-up %d\n  sid: %d\n  title: one of many\n  alert: 90\n  evidence:\n", i, 9200000 + i > file
		printf "    - {when: \x27host ~ \"*.made-up-%d.example\" or host == \"made-up-%d.example\"\x27, weight: 30}\n", i, i > file
		printf "    - {when: \x27dialect == \"made-up-%d\"\x27, weight: 60}\n", i > file
		printf "    - {when: \x27stun.software ^= \"Made-up %d/\" and not two-way\x27, weight: 20}\n", i > file
		printf "    - {when: \x27stun.error == %d and stun.realm\x27, weight: 10}\n", 100000 + i > file
		if (i % 3 == 0)
			printf "    - {when: \x27payload ^= 0x%s and be16(payload, 4) == payload.len\x27, weight: 40}\n", hex > file
		else if (i % 3 == 1)
			printf "    - {when: \x27payload[%d:4] == 0x%s and payload ^= 0x%s\x27, weight: 40}\n", 4 + i % 8, hex, more > file
		else
			printf "    - {when: \x27proto == \"tcp\" and payload ~ \"made-up %d*\"\x27, weight: 40}\n", i > file
	}
}'

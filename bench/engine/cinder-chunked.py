"""What a chunked backup driver of Cinder (Swift, S3, NFS, POSIX) does with a volume, without the service around it.

Objects of 50 MB; a SHA-256 of every 32 KiB for the incremental that may come; each object through zlib at its default
level; one after the other; zeros are data like any other.

usage: cinder-chunked.py DISK FOLDER
"""

import hashlib
import json
import os
import sys
import zlib

OBJECT_BYTES = 52_428_800
HASHED_BYTES = 32_768


def back_up(disk, folder):
    os.mkdir(folder)
    digests = []
    objects = []
    with open(disk, "rb") as volume:
        while data := volume.read(OBJECT_BYTES):
            for at in range(0, len(data), HASHED_BYTES):
                digests.append(hashlib.sha256(data[at : at + HASHED_BYTES]).hexdigest())
            packed = zlib.compress(data)
            name = f"object-{len(objects) + 1:05d}"
            with open(os.path.join(folder, name), "wb") as target:
                target.write(packed)
            objects.append({name: {"length": len(packed), "md5": hashlib.md5(packed).hexdigest()}})
    with open(os.path.join(folder, "metadata.json"), "w") as target:
        json.dump({"objects": objects}, target)
    with open(os.path.join(folder, "sha256s.json"), "w") as target:
        json.dump({"sha256s": digests}, target)


if __name__ == "__main__":
    back_up(sys.argv[1], sys.argv[2])

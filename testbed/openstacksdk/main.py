"""Signs in at a Keystone with openstacksdk by password and by application credential, and uses each region of the
catalog as scripts and Ansible do. Tells what it found as one line of JSON per region and way to sign in. Needs Debian's
python3-openstacksdk.

OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME: as everywhere, in the domain Default; the regions are the
arguments. Reads; in each region but `global` it also makes and removes a keypair, a volume and an image.
"""

import hashlib
import json
import os
import sys

import openstack

NAME = "uniview-openstacksdk"
IMAGE_BYTES = 8 * 1024 * 1024
WAIT_S = 600

LISTS = {
    "servers": lambda cloud: cloud.compute.servers(),
    "flavors": lambda cloud: cloud.compute.flavors(),
    "keypairs": lambda cloud: cloud.compute.keypairs(),
    "images": lambda cloud: cloud.image.images(),
    "volumes": lambda cloud: cloud.block_storage.volumes(),
    "snapshots": lambda cloud: cloud.block_storage.snapshots(),
    "networks": lambda cloud: cloud.network.networks(),
    "subnets": lambda cloud: cloud.network.subnets(),
    "ports": lambda cloud: cloud.network.ports(),
    "routers": lambda cloud: cloud.network.routers(),
    "security_groups": lambda cloud: cloud.network.security_groups(),
}


def at(region, **auth):
    return openstack.connect(
        load_yaml_config=False, load_envvars=False, region_name=region, auth={"auth_url": os.environ["OS_AUTH_URL"], **auth},
        auth_type="v3applicationcredential" if "application_credential_id" in auth else "password")


def make(cloud):
    """Makes one of each, looks at it and takes it away again. Returns what worked."""
    made = []
    cloud.compute.create_keypair(name=NAME)
    try:
        made.append("keypair" if cloud.compute.find_keypair(NAME) else "no keypair")
    finally:
        cloud.compute.delete_keypair(NAME)
    volume = cloud.create_volume(1, name=NAME, wait=True, timeout=WAIT_S)
    try:
        made.append("volume " + volume["status"])
    finally:
        cloud.delete_volume(volume["id"], wait=True, timeout=WAIT_S)
    data = os.urandom(IMAGE_BYTES)
    image = cloud.image.create_image(NAME, data=data, disk_format="raw", container_format="bare", wait=True)
    try:
        digest = hashlib.sha256()
        for piece in cloud.image.download_image(image, stream=True).iter_content(1024 * 1024):
            digest.update(piece)
        made.append("image" if digest.digest() == hashlib.sha256(data).digest() else "another image")
    finally:
        cloud.image.delete_image(image)
    return made


def visit(way, region, cloud):
    seen = {"way": way, "region": region, "made": []}
    seen.update({kind: len(list(find(cloud))) for kind, find in LISTS.items()})
    if region != "global":
        seen["made"] = make(cloud)
    print(json.dumps(seen), flush=True)


def main(regions):
    domain = {"user_domain_name": "Default", "project_domain_name": "Default"}
    password = {"username": os.environ["OS_USERNAME"], "password": os.environ["OS_PASSWORD"],
                "project_name": os.environ["OS_PROJECT_NAME"], **domain}
    identity = at(regions[0], **password)
    user = identity.current_user_id
    credential = identity.identity.create_application_credential(user=user, name=NAME)
    try:
        secret = {"application_credential_id": credential.id, "application_credential_secret": credential.secret}
        for way, auth in (("password", password), ("application_credential", secret)):
            for region in regions:
                visit(way, region, at(region, **auth))
        # a script that outlives its token: the library signs in again by itself
        cloud = at(regions[0], **password)
        token = cloud.auth_token
        identity.session.delete("/auth/tokens", endpoint_filter={"service_type": "identity", "version": "3"},
                                headers={"X-Subject-Token": token})
        visit("signed in again", regions[0], cloud)
    finally:
        identity.identity.delete_application_credential(user, credential)


main(sys.argv[1:])

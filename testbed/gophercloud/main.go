// Signs in at a Keystone by password and by application credential, and at each region of the catalog lists
// servers, flavors, images and networks and makes and removes a keypair and a volume. What it finds is told as one line
// of JSON per region and way to sign in. Needs Debian's golang-github-gophercloud-gophercloud-dev.
//
//	OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, OS_DOMAIN_NAME: as everywhere; the regions are the arguments.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/blockstorage/v3/volumes"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/extensions/keypairs"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/openstack/identity/v3/applicationcredentials"
	"github.com/gophercloud/gophercloud/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/openstack/imageservice/v2/images"
	"github.com/gophercloud/gophercloud/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/pagination"
)

const name = "uniview-gophercloud"

type found struct {
	Way      string   `json:"way"`
	Region   string   `json:"region"`
	Servers  int      `json:"servers"`
	Flavors  int      `json:"flavors"`
	Images   int      `json:"images"`
	Networks int      `json:"networks"`
	Made     []string `json:"made"`
}

func main() {
	options, err := openstack.AuthOptionsFromEnv()
	check("environment", err)
	options.AllowReauth = true
	provider := signIn("password", options)

	identity, err := openstack.NewIdentityV3(provider, gophercloud.EndpointOpts{})
	check("identity", err)
	user, err := provider.GetAuthResult().(tokens.CreateResult).ExtractUser()
	check("user", err)
	credential, err := applicationcredentials.Create(identity, user.ID, applicationcredentials.CreateOpts{Name: name}).Extract()
	check("application credential", err)
	by := map[string]*gophercloud.ProviderClient{
		"password": provider,
		"application_credential": signIn("application_credential", gophercloud.AuthOptions{
			IdentityEndpoint:            options.IdentityEndpoint,
			ApplicationCredentialID:     credential.ID,
			ApplicationCredentialSecret: credential.Secret,
			AllowReauth:                 true,
		}),
	}
	for way, client := range by {
		for _, region := range os.Args[1:] {
			tell(look(client, way, region))
		}
	}

	// as after hours: the token is gone, and gophercloud signs in again by itself
	check("revoke", tokens.Revoke(identity, provider.Token()).Err)
	tell(look(provider, "signed in again", os.Args[1]))
	check("remove the application credential", applicationcredentials.Delete(identity, user.ID, credential.ID).ExtractErr())
}

func signIn(way string, options gophercloud.AuthOptions) *gophercloud.ProviderClient {
	provider, err := openstack.AuthenticatedClient(options)
	check("sign in by "+way, err)
	return provider
}

func look(provider *gophercloud.ProviderClient, way string, region string) found {
	at := gophercloud.EndpointOpts{Region: region}
	seen := found{Way: way, Region: region}
	compute, err := openstack.NewComputeV2(provider, at)
	check("compute", err)
	storage, err := openstack.NewBlockStorageV3(provider, at)
	check("block storage", err)
	glance, err := openstack.NewImageServiceV2(provider, at)
	check("image", err)
	neutron, err := openstack.NewNetworkV2(provider, at)
	check("network", err)

	seen.Servers = count("servers", servers.List(compute, servers.ListOpts{}), func(page pagination.Page) (int, error) {
		all, err := servers.ExtractServers(page)
		return len(all), err
	})
	seen.Flavors = count("flavors", flavors.ListDetail(compute, flavors.ListOpts{}), func(page pagination.Page) (int, error) {
		all, err := flavors.ExtractFlavors(page)
		return len(all), err
	})
	seen.Images = count("images", images.List(glance, images.ListOpts{}), func(page pagination.Page) (int, error) {
		all, err := images.ExtractImages(page)
		return len(all), err
	})
	seen.Networks = count("networks", networks.List(neutron, networks.ListOpts{}), func(page pagination.Page) (int, error) {
		all, err := networks.ExtractNetworks(page)
		return len(all), err
	})

	_ = keypairs.Delete(compute, name).ExtractErr() // of a run that died
	_, err = keypairs.Create(compute, keypairs.CreateOpts{Name: name}).Extract()
	check("keypair at "+region, err)
	check("remove keypair", keypairs.Delete(compute, name).ExtractErr())
	volume, err := volumes.Create(storage, volumes.CreateOpts{Size: 1, Name: name}).Extract()
	check("volume at "+region, err)
	for volume.Status == "creating" {
		time.Sleep(time.Second)
		volume, err = volumes.Get(storage, volume.ID).Extract()
		check("volume at "+region, err)
	}
	check("remove volume", volumes.Delete(storage, volume.ID, nil).ExtractErr())
	seen.Made = []string{"keypair", "volume " + volume.Status}
	return seen
}

func count(what string, pager pagination.Pager, of func(pagination.Page) (int, error)) int {
	sum := 0
	err := pager.EachPage(func(page pagination.Page) (bool, error) {
		some, err := of(page)
		sum += some
		return true, err
	})
	check(what, err)
	return sum
}

func tell(seen found) {
	line, err := json.Marshal(seen)
	check("tell", err)
	fmt.Println(string(line))
}

func check(what string, err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

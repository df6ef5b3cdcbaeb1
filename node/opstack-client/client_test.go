// Package opstackclient drives the OP Stack's own alt-DA client against a running Moraine gateway.
package opstackclient

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"testing"
	"time"

	altda "github.com/ethereum-optimism/optimism/op-alt-da"
)

// gatewayURL is where the gateway's alt-DA interface is; without one there is nothing to test.
func gatewayURL(t *testing.T) string {
	url := os.Getenv("MORAINE_ALTDA_URL")
	if url == "" {
		t.Skip("MORAINE_ALTDA_URL is not set")
	}
	return url
}

func batch(t *testing.T, lengthBytes int) []byte {
	content := make([]byte, lengthBytes)
	if _, err := rand.Read(content); err != nil {
		t.Fatal(err)
	}
	return content
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func roundTrip(t *testing.T, client *altda.DAClient, wanted altda.CommitmentType, lengthBytes int) {
	content := batch(t, lengthBytes)
	commitment, err := client.SetInput(deadline(t), content)
	if err != nil {
		t.Fatalf("put of %d bytes: %v", lengthBytes, err)
	}
	if commitment.CommitmentType() != wanted {
		t.Fatalf("commitment type is %v, not %v", commitment.CommitmentType(), wanted)
	}
	found, err := client.GetInput(deadline(t), commitment)
	if err != nil {
		t.Fatalf("get of %s: %v", commitment, err)
	}
	if !bytes.Equal(found, content) {
		t.Fatalf("get of %s gives other bytes", commitment)
	}
}

func TestKeccakCommitments(t *testing.T) {
	client := altda.NewDAClient(gatewayURL(t), true, true)
	for _, lengthBytes := range []int{1, 1000, altda.MaxInputSize} {
		roundTrip(t, client, altda.Keccak256CommitmentType, lengthBytes)
	}
}

func TestGenericCommitments(t *testing.T) {
	client := altda.NewDAClient(gatewayURL(t), true, false)
	for _, lengthBytes := range []int{1, 1000, 1 << 20} {
		roundTrip(t, client, altda.GenericCommitmentType, lengthBytes)
	}
}

func TestWhatWasNeverPutIsNotFound(t *testing.T) {
	client := altda.NewDAClient(gatewayURL(t), true, true)
	generic := append([]byte{0x4d}, batch(t, 32)...)
	for _, commitment := range []altda.CommitmentData{
		altda.NewKeccak256Commitment(batch(t, 100)),
		altda.NewGenericCommitment(generic),
	} {
		if _, err := client.GetInput(deadline(t), commitment); !errors.Is(err, altda.ErrNotFound) {
			t.Fatalf("get of %s: %v, not %v", commitment, err, altda.ErrNotFound)
		}
	}
}

func TestWrongInputIsAnErrorAndNotAMiss(t *testing.T) {
	url := gatewayURL(t)
	if _, err := altda.NewDAClient(url, true, false).SetInput(deadline(t), nil); !errors.Is(err, altda.ErrInvalidInput) {
		t.Fatalf("put of nothing: %v", err)
	}
	foreign := altda.NewGenericCommitment([]byte{0x0c, 1, 2, 3})
	_, err := altda.NewDAClient(url, true, false).GetInput(deadline(t), foreign)
	if err == nil || errors.Is(err, altda.ErrNotFound) {
		t.Fatalf("get of another layer's commitment: %v", err)
	}
}

func TestAServerThatIsDownIsAnErrorAndNotAMiss(t *testing.T) {
	gatewayURL(t)
	client := altda.NewDAClient("http://127.0.0.1:1", true, true)
	_, err := client.GetInput(deadline(t), altda.NewKeccak256Commitment(batch(t, 10)))
	if err == nil || errors.Is(err, altda.ErrNotFound) {
		t.Fatalf("get from nobody: %v", err)
	}
}

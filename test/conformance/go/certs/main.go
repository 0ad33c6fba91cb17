// Makes a certificate authority for tests: a server's certificate for the loopback interface, and one for each user named by an
// argument "name" or "name:group". Prints PEM texts as JSON: {"ca": …, "server": {"cert", "key"}, "users": {name: {"cert", "key"}}}.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"strings"
	"time"
)

type pair struct {
	Cert string `json:"cert"`
	Key  string `json:"key"`
}

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func main() {
	ca, caText := newAuthority()
	users := map[string]pair{}
	for _, argument := range os.Args[1:] {
		name, group, _ := strings.Cut(argument, ":")
		subject := pkix.Name{CommonName: name}
		if group != "" {
			subject.Organization = []string{group}
		}
		users[name] = ca.issue(subject, x509.ExtKeyUsageClientAuth)
	}
	server := ca.issue(pkix.Name{CommonName: "kube-apiserver"}, x509.ExtKeyUsageServerAuth)
	out := map[string]any{"ca": caText, "server": server, "users": users}
	must(json.NewEncoder(os.Stdout).Encode(out))
}

func newAuthority() (authority, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "test authority"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(err)
	certificate, err := x509.ParseCertificate(der)
	must(err)
	return authority{certificate, key}, text("CERTIFICATE", der)
}

func (ca authority) issue(subject pkix.Name, usage x509.ExtKeyUsage) pair {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{usage},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:     []string{"localhost", "kubernetes.test"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.certificate, &key.PublicKey, ca.key)
	must(err)
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	must(err)
	return pair{text("CERTIFICATE", der), text("PRIVATE KEY", encoded)}
}

func serial() *big.Int {
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	must(err)
	return number
}

func text(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

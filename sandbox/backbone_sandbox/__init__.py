"""A real Kubernetes control plane, real Helm and real kubectl on one machine, for tests."""

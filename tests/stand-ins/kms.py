"""A key management service on loopback that speaks as much of AWS KMS as the AWS command line needs to
sign with an ML-DSA-65 key, which the one of `moto` does not have.

    python kms.py

Prints its port, and serves until it is ended. A request that AWS would refuse is refused.
"""

import base64
import http.server
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import mldsa

KEY = mldsa.MLDSA65PrivateKey.generate()
ARN = "arn:aws:kms:eu-central-1:123456789012:key/mldsa"
ALGORITHM = "ML_DSA_SHAKE_256"
LONGEST = 4096  # of a message with MessageType RAW


def get_public_key(_):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    der = KEY.public_key().public_bytes(serialization.Encoding.DER, form)
    return {"KeyId": ARN, "PublicKey": base64.b64encode(der).decode(), "KeySpec": "ML_DSA_65",
            "KeyUsage": "SIGN_VERIFY", "SigningAlgorithms": [ALGORITHM]}


def sign(request):
    message = base64.b64decode(request["Message"], validate=True)
    if request.get("SigningAlgorithm") != ALGORITHM or request.get("MessageType", "RAW") != "RAW":
        raise ValueError("InvalidKeyUsageException")
    if not 1 <= len(message) <= LONGEST:
        raise ValueError("ValidationException")
    return {"KeyId": ARN, "Signature": base64.b64encode(KEY.sign(message)).decode(), "SigningAlgorithm": ALGORITHM}


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        acts = {"TrentService.GetPublicKey": get_public_key, "TrentService.Sign": sign}
        try:
            code, answer = 200, acts[self.headers["X-Amz-Target"]](request)
        except (KeyError, ValueError) as error:
            code, answer = 400, {"__type": str(error), "message": str(error)}
        body = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

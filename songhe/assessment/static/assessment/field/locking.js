// The sign-in page: the session is over, so what the device holds is locked until its owner is signed in again.
import { lock } from "./store.js";

lock().catch(() => null);

"""A supervised fake camera, for tests."""

from __future__ import annotations

from drivers.camera import CameraState
from drivers.frame import Frame
from drivers.supervisor import Patience, Supervisor
from tests.drivers.fake_camera import FakeCamera, wait_until

QUICK = Patience(read_s=0.01, stall_s=0.04, reopen_s=30.0, back_off_s=0.01, back_off_limit_s=0.04, presence_s=0.01)
S = CameraState


class Watched:
    """A supervised fake camera, its frames and its states."""

    def __init__(self, camera: FakeCamera, patience: Patience = QUICK) -> None:
        self.camera = camera
        self.frames: list[Frame] = []
        self.states: list[CameraState] = []
        self.notes: list[str] = []
        self.supervisor = Supervisor(camera, [self.frames.append], self._on_state, patience)

    def _on_state(self, state: CameraState, note: str) -> None:
        self.states.append(state)
        self.notes.append(note)

    @property
    def numbers(self) -> list[int]:
        return [frame.number for frame in self.frames]

    def run_to_the_end(self) -> None:
        self.supervisor.start()
        wait_until(lambda: S.ENDED in self.states, "the end")
        assert self.supervisor.stop(5.0)

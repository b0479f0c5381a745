"""Who may take how many steps of a review: the files of the change come first, and no file takes what is another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from preship.analyzers.actions.discovery import ServerAction
from preship.analyzers.codebase import Codebase
from preship.analyzers.flow.interpreter import LEAST_STEPS, STEPS_OF_AN_ACTION

FEWEST_STEPS = 500
"""With less, no action is begun: half of the real ones take more."""


def execute_fairly(
    tree: Codebase,
    files: Sequence[Sequence[ServerAction]],
    most_steps: int,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Execute the actions of some files, the first files first, in so many steps together.

    Every file has the same share of what is left, and every action of a file; what is not taken is left for others.
    Only then is what remains spent on those that had too little.
    """
    left = most_steps
    unfinished: list[ServerAction] = []
    for number, actions in enumerate(files):
        share = left // (len(files) - number)
        taken, others = _within(tree, actions, share, LEAST_STEPS)
        left -= taken
        unfinished += others
        watch(number + 1, len(files))
    _within(tree, unfinished, left, STEPS_OF_AN_ACTION)


def _within(
    tree: Codebase, actions: Sequence[ServerAction], share: int, most: int
) -> tuple[int, Sequence[ServerAction]]:
    """Execute some actions within a share: how many steps were taken, and who needs more."""
    left = share
    unfinished: list[ServerAction] = []
    for number, action in enumerate(actions):
        steps = min(max(left // (len(actions) - number), FEWEST_STEPS), most)
        if steps > left:
            unfinished += actions[number:]
            break
        left -= tree.execute(action, steps)
        if tree.is_cut_off(action):
            unfinished.append(action)
    return share - left, unfinished

"""What leaves the process, and in which form. Pure, standard library only."""

from turnloom.privacy.input_hash import hash_input as hash_input
from turnloom.privacy.user_hash import hash_user as hash_user
from turnloom.privacy.user_hash import is_hashed_user as is_hashed_user

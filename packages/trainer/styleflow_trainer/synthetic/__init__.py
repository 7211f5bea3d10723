"""Problems whose answer is known: they prove the trainer, never a detector."""

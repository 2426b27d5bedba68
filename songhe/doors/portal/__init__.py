"""The portal: where older persons see what there is for them, ask, and say what they think."""

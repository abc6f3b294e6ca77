throw new TypeError('MODEL_DIR is missing');

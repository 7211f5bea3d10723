-- Records a message to a webhook. ARGV: whose, the target as JSON, the event, the run, the data as JSON. Answers its number.
return recordDelivery(unpack(ARGV))

namespace OrleansPayments.Connectors;

/// <summary>What a connector may be used for. Every change between any two is allowed.</summary>
[GenerateSerializer, Alias("connector_status")]
public enum ConnectorStatus
{
    /// <summary>For everything.</summary>
    Enabled,

    /// <summary>For no new charge. All that belongs to charges made before goes on: captures, cancellations, refunds, inquiries, callbacks, the payer's return.</summary>
    Draining,

    /// <summary>
    /// To end what was begun and for nothing else: no new charge, capture or refund. Inquiries, callbacks, the payer's return and cancellations go on, and so does
    /// a capture or refund that was sent before.
    /// </summary>
    Disabled,
}

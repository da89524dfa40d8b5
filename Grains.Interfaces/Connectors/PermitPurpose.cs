namespace OrleansPayments.Connectors;

/// <summary>What a permit is wanted for.</summary>
[GenerateSerializer, Alias("permit_purpose")]
public enum PermitPurpose
{
    /// <summary>A new attempt; refused by a connector that takes no new payments.</summary>
    Charge,

    /// <summary>Asking after what was sent, sending it again, or releasing what is held; never refused while the connector exists.</summary>
    Inquiry,

    /// <summary>A new capture or refund of a charge that was made; refused by a connector that is disabled.</summary>
    Operation,
}

namespace OrleansPayments.Connectors;

/// <summary>What a permit is wanted for.</summary>
[GenerateSerializer, Alias("permit_purpose")]
public enum PermitPurpose
{
    /// <summary>A new attempt; refused by a connector that takes no payments.</summary>
    Charge,

    /// <summary>Asking after an attempt that was made; never refused while the connector exists.</summary>
    Inquiry,
}

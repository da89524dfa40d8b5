namespace OrleansPayments.Grains.Routing.Replay;

/// <summary>Why a decision cannot be replayed. They are stored with each replay: names are only added.</summary>
internal static class ReplayReasons
{
    /// <summary>The draft would let a connector in, or compare it, of which the decision kept no terms.</summary>
    public const string TermsNotStored = "terms_not_stored";

    /// <summary>The connectors' own priorities would decide, and the decision did not keep them.</summary>
    public const string PriorityNotStored = "priority_not_stored";
}

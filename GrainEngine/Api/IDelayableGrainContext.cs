namespace Orleans.Runtime;

/// <summary>A context whose idle collection can be put off.</summary>
internal interface IDelayableGrainContext
{
    void DelayDeactivation(TimeSpan timeSpan);
}

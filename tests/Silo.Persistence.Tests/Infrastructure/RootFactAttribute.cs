namespace OrleansPayments.Silo.Persistence.Tests.Infrastructure;

/// <summary>A fact that only root can establish, because it starts something as another user; skipped visibly otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
            Skip = "Needs root.";
    }
}
